namespace MlCluster.Node.Hosting;

/// <summary>One option: its three spellings and what its text does.</summary>
/// <param name="Flag">Command line, such as <c>--roles</c>.</param>
/// <param name="Environment">Environment variable.</param>
/// <param name="Key">HOCON key below <c>mlcluster.node</c>.</param>
/// <param name="Placeholder">Shown by <c>--help</c>; null for a switch.</param>
/// <param name="Help">One line.</param>
/// <param name="Apply">Takes the text; throws <see cref="FormatException"/> that says what is wrong.</param>
internal sealed record OptionDefinition(
    string Flag,
    string Environment,
    string Key,
    string? Placeholder,
    string Help,
    Func<NodeOptions, string, NodeOptions> Apply)
{
    /// <summary>True: its text may hold a password and is never printed.</summary>
    public bool IsSecret { get; init; }
}
