namespace MlCluster.Node.Domain.Placement;

/// <summary>What the planner goes by; <c>mlcluster.placement</c> in HOCON, where each is explained.</summary>
/// <param name="ExcludedNames">Names of nodes that get no more models; what they have they keep.</param>
/// <param name="MemoryPerFileByte">Memory of a loaded model for each byte of its archive …</param>
/// <param name="MemoryPerModelBytes">… and this much more.</param>
internal sealed record PlacementRules(
    IReadOnlyCollection<string> ExcludedNames, double MemoryPerFileByte, long MemoryPerModelBytes)
{
    /// <summary>Nobody is excluded; memory as <c>hocon/data.hocon</c> has it.</summary>
    public static PlacementRules Default { get; } = new([], 1.5, 64L << 20);

    /// <summary>Memory that a loaded model takes, in bytes; an estimate.</summary>
    public long MemoryNeeded(long fileBytes) => (long)(fileBytes * MemoryPerFileByte) + MemoryPerModelBytes;

    public bool Excludes(PlacementNode node) => ExcludedNames.Contains(node.Name);
}
