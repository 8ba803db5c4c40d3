namespace MlCluster.Node.Ml;

/// <summary>Reasons why this node wants a restart, shown by the health endpoints; it serves on meanwhile.</summary>
internal sealed class NodeHealth
{
    private readonly Lock _gate = new();
    private IReadOnlyList<string> _reasons = [];

    /// <summary>Empty: nothing is wrong.</summary>
    public IReadOnlyList<string> Reasons => Volatile.Read(ref _reasons);

    /// <summary>Adds a reason, once.</summary>
    public void WantRestart(string reason)
    {
        lock (_gate)
        {
            if (!_reasons.Contains(reason, StringComparer.Ordinal))
            {
                Volatile.Write(ref _reasons, [.. _reasons, reason]);
            }
        }
    }
}
