using System.Runtime.InteropServices;

namespace MlCluster.Inference.Native;

/// <summary>The C library's heap, which holds the weights of models on the processor.</summary>
internal static unsafe class NativeHeap
{
    /// <summary>glibc's <c>M_TRIM_THRESHOLD</c>, <c>M_MMAP_THRESHOLD</c>.</summary>
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;

    /// <summary>Bytes from which a block of a model that is being loaded has a mapping of its own.</summary>
    private const int LoadingMapThreshold = 128 * 1024;

    /// <summary>
    /// Bytes from which any other block has one: what the data role sets, so that the blocks of chunks go back to the
    /// system, and above those of a forward: they are used again and again, and a mapping costs a page fault for each
    /// of its pages every time.
    /// </summary>
    private const int ServingMapThreshold = 8 << 20;

    private static readonly Lock Gate = new();
    private static readonly delegate* unmanaged<nuint, int> Trim =
        (delegate* unmanaged<nuint, int>)Find("malloc_trim");

    private static readonly delegate* unmanaged<int, int, int> SetOption =
        (delegate* unmanaged<int, int, int>)Find("mallopt");

    private static int _loads;

    /// <summary>
    /// Runs a load so that each weight gets a mapping of its own: freed, it is the system's again at once, and leaves no
    /// hole in the heap between what outlives the model.
    /// </summary>
    public static T Load<T>(Func<T> load)
    {
        Count(1);
        try
        {
            return load();
        }
        finally
        {
            Count(-1);
        }
    }

    /// <summary>
    /// Gives freed pages back to the system; without it half of an unloaded model stays with the process.
    /// </summary>
    public static void GiveBack()
    {
        if (Trim is not null)
        {
            _ = Trim(0);
        }
    }

    private static void Count(int change)
    {
        lock (Gate)
        {
            _loads += change;
            if (SetOption is not null)
            {
                _ = SetOption(MapThreshold, _loads > 0 ? LoadingMapThreshold : ServingMapThreshold);
                _ = SetOption(TrimThreshold, 2 * ServingMapThreshold);
            }
        }
    }

    /// <summary>A function of glibc; null with another C library.</summary>
    private static nint Find(string name) =>
        NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), name, out var found) ? found : 0;
}
