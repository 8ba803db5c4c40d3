namespace MlCluster.Node.Hosting.Formation;

/// <summary>Whom the first seed asks to let it in, in this order.</summary>
/// <param name="Addresses"><c>host:port</c> each; the node itself in front: it may form a cluster.</param>
internal sealed record JoinPlan(IReadOnlyList<string> Addresses)
{
    /// <param name="self">The first seed.</param>
    /// <param name="seeds">All seeds, itself in front.</param>
    /// <param name="alive">Nodes that have lately said that they live; never itself.</param>
    public static JoinPlan Of(string self, IReadOnlyList<string> seeds, IReadOnlyList<string> alive) =>
        alive.Count == 0
            ? new JoinPlan(seeds)
            : new JoinPlan([.. alive.Concat(seeds).Where(a => a != self).Distinct(StringComparer.Ordinal)]);

    public bool Equals(JoinPlan? other) =>
        other is not null && Addresses.SequenceEqual(other.Addresses, StringComparer.Ordinal);

    public override int GetHashCode() => Addresses.Count;
}
