namespace MlCluster.Inference.Rehearsing.Effects;

/// <summary>What a method does to its parameters, by their number; only ever grows while it is found out.</summary>
internal sealed class MethodEffects
{
    /// <summary>Parameters that it writes to, or to something that they hold.</summary>
    public HashSet<int> Writes { get; } = [];

    /// <summary>Parameters into which it puts something that stays there.</summary>
    public HashSet<int> Keeps { get; } = [];

    /// <summary><see cref="Origins"/> of what it gives back.</summary>
    public HashSet<int> Returns { get; } = [];

    public int Count => Writes.Count + Keeps.Count + Returns.Count;
}
