using MlCluster.Node.Hosting;
using MlCluster.Node.Ml;

try
{
    switch (args)
    {
        case ["--help", ..]:
            Console.Write(NodeOptionsReader.Help);
            return 0;
        case ["--version", ..]:
            Console.WriteLine(ThisBuild.Version);
            return 0;
        case [HealthCommand.Name, .. var rest]:
            return await HealthCommand.RunAsync(NodeOptionsReader.Read(rest), Console.Out);
        // A child of an ml node: runs an unknown model where it can do no harm.
        case [RehearseCommand.Name, .. var rest]:
            return RehearseCommand.Run(rest);
        default:
            return await NodeHost.RunAsync(NodeOptionsReader.Read(args));
    }
}
catch (StartupException e)
{
    Console.Error.WriteLine($"mlcluster: {e.Message}");
    return 2;
}
