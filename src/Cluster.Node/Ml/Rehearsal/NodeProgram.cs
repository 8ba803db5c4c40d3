namespace MlCluster.Node.Ml.Rehearsal;

/// <summary>How to start this same program again.</summary>
/// <param name="FileName">The executable.</param>
/// <param name="Arguments">What comes before the program's own arguments.</param>
internal sealed record NodeProgram(string FileName, IReadOnlyList<string> Arguments)
{
    private const string Assembly = "Cluster.Node";

    /// <summary>The running executable, or the one beside the assembly where something else hosts it.</summary>
    public static NodeProgram Find()
    {
        if (Path.GetFileName(Environment.ProcessPath) == Assembly)
        {
            return new NodeProgram(Environment.ProcessPath!, []);
        }

        var dotnet = Path.GetFileName(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        return new NodeProgram(dotnet, [Path.Combine(AppContext.BaseDirectory, Assembly + ".dll")]);
    }
}
