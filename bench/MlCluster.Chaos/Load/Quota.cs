namespace MlCluster.Chaos.Load;

/// <summary>How much the lives may leave behind.</summary>
internal sealed class Quota(int places)
{
    private int _left = places;

    /// <returns>False: nothing is left.</returns>
    public bool TryTake() => Interlocked.Decrement(ref _left) >= 0;
}
