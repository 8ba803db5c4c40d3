namespace MlCluster.Node.Data.Uploads;

/// <summary>Downloads of this node at the same time.</summary>
/// <param name="capacity">How many there may be now (<c>max_register_model_tasks_per_node</c>).</param>
internal sealed class UploadSlots(Func<int> capacity)
{
    private int _used;

    /// <summary>How many there may be now.</summary>
    public int Capacity => capacity();

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _used) <= capacity())
        {
            return true;
        }

        Interlocked.Decrement(ref _used);
        return false;
    }

    public void Free() => Interlocked.Decrement(ref _used);
}
