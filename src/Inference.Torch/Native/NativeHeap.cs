using System.Runtime.InteropServices;

namespace MlCluster.Inference.Native;

/// <summary>The C library's heap, which holds the weights of models on the processor.</summary>
internal static unsafe class NativeHeap
{
    private static readonly delegate* unmanaged<nuint, int> Trim = FindTrim();

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

    /// <summary>glibc's <c>malloc_trim</c>; null with another C library.</summary>
    private static delegate* unmanaged<nuint, int> FindTrim() =>
        NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_trim", out var found)
            ? (delegate* unmanaged<nuint, int>)found
            : null;
}
