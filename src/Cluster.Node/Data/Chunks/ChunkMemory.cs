using System.Runtime.InteropServices;

namespace MlCluster.Node.Data.Chunks;

/// <summary>
/// Keeps the memory of a transfer at a few chunks, whatever the size of the archive. SQLite copies a row of 10 MB twice
/// in native memory, and glibc keeps up to 20 MB of that for each thread that ever did it; read back, it is a new array
/// that only a full collection frees. Left alone, a gigabyte costs 100 MB and more at its peak.
/// </summary>
internal static unsafe class ChunkMemory
{
    // Two full chunks: often enough for the peak, seldom enough for the clock.
    private const long BytesBetween = 20_000_000;

    // Below a chunk, above what else is allocated often. The engine sets the same after each load of a model.
    private const int MapFromBytes = 8 << 20;

    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;

    private static long _read;

    /// <summary>
    /// Lets the C library give blocks of a chunk's size back to the system when they are freed. Naming a threshold ends
    /// its habit of raising both by itself; the other one is what it would come to.
    /// </summary>
    public static void Prepare()
    {
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "mallopt", out var found))
        {
            var set = (delegate* unmanaged<int, int, int>)found;
            _ = set(MapThreshold, MapFromBytes);
            _ = set(TrimThreshold, 2 * MapFromBytes);
        }
    }

    /// <summary>So many bytes of chunks came out of the journal, each in a new array.</summary>
    public static void Read(int bytes)
    {
        var read = Interlocked.Add(ref _read, bytes);
        if (read / BytesBetween != (read - bytes) / BytesBetween)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        }
    }
}
