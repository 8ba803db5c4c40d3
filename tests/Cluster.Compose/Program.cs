using MlCluster.Compose;

try
{
    switch (args)
    {
        case ["up", .. var rest]:
            await UpCommand.RunAsync(CommandLine.Read(rest));
            return 0;
        case ["--help" or "-h"]:
            Console.WriteLine(CommandLine.Usage);
            return 0;
        default:
            Console.Error.WriteLine(CommandLine.Usage);
            return 2;
    }
}
catch (Exception e) when (e is ComposeException or TimeoutException or IOException)
{
    Console.Error.WriteLine($"compose: {e.Message}");
    return 2;
}
