namespace MlCluster.Chaos.Rounds;

/// <summary>Who may be hit: two data nodes and one gateway stay up.</summary>
internal static class VictimRule
{
    private const int DataNodesUp = 2;
    private const int GatewaysUp = 1;

    /// <param name="order">Candidates.</param>
    /// <param name="ready">Names of those that are up and ready.</param>
    /// <returns>Null: nobody just now.</returns>
    public static string? Pick(IEnumerable<string> order, IReadOnlySet<string> ready) =>
        order.FirstOrDefault(name => ready.Contains(name) && Others(name, ready) >= Needed(name));

    /// <summary>The role that a replica's name begins with, such as <c>data</c> of <c>data-1</c>.</summary>
    public static string RoleOf(string name) => name[..name.LastIndexOf('-')];

    private static int Others(string name, IReadOnlySet<string> ready) =>
        ready.Count(other => other != name && RoleOf(other) == RoleOf(name));

    private static int Needed(string name) => RoleOf(name) switch
    {
        "data" => DataNodesUp,
        "gateway" => GatewaysUp,
        _ => 0,
    };
}
