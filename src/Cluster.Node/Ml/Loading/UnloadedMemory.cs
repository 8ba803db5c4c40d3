namespace MlCluster.Node.Ml.Loading;

/// <summary>Gives the managed memory of an unloaded model back: its vocabulary and buffers are garbage now.</summary>
internal static class UnloadedMemory
{
    private static readonly HeapCompactor Heap = new(
        static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));

    /// <param name="isServing">
    /// True: other models are served. Nobody is to wait for this one's memory, so it is collected beside them, and what
    /// the next load does not take goes back bit by bit. False: a pause of some tens of milliseconds disturbs no
    /// prediction, and all of it goes back at once.
    /// </param>
    public static Task ReturnAsync(bool isServing)
    {
        if (!isServing)
        {
            return Heap.CompactAsync();
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        return Task.CompletedTask;
    }
}
