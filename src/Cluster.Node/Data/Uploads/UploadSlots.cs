namespace MlCluster.Node.Data.Uploads;

/// <summary>Downloads of this node at the same time (<c>max_upload_model_tasks_per_node</c>).</summary>
internal sealed class UploadSlots(int capacity)
{
    private int _used;

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _used) <= capacity)
        {
            return true;
        }

        Interlocked.Decrement(ref _used);
        return false;
    }

    public void Free() => Interlocked.Decrement(ref _used);
}
