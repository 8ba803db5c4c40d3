using System.Runtime.InteropServices;

namespace MlCluster.Node.Ml;

/// <summary>Gives memory that an unloaded model has left free in the allocator back to the system.</summary>
internal static partial class NativeMemory
{
    public static void GiveBack() => _ = Trim(0);

    // glibc keeps freed blocks for later; a big model's would stay in the process for good.
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint padBytes);
}
