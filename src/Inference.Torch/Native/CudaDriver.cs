using System.Runtime.InteropServices;
using System.Text;

namespace MlCluster.Inference.Native;

/// <summary>
/// Names and memory sizes of GPUs, asked of NVIDIA's driver: the binding of libtorch does not tell them.
/// </summary>
/// <remarks>The driver numbers devices as libtorch does, <c>CUDA_VISIBLE_DEVICES</c> included.</remarks>
internal static unsafe class CudaDriver
{
    private const int Success = 0;
    private const int LongestName = 256;

    /// <summary>Name and bytes of a device; null where the driver does not answer.</summary>
    public static (string Name, long MemoryBytes)? Describe(int index)
    {
        if (!NativeLibrary.TryLoad("libcuda.so.1", out var driver))
        {
            return null;
        }

        try
        {
            return Ask(driver, index);
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    private static (string Name, long MemoryBytes)? Ask(nint driver, int index)
    {
        var initialize = (delegate* unmanaged<uint, int>)NativeLibrary.GetExport(driver, "cuInit");
        var getDevice = (delegate* unmanaged<int*, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGet");
        var getName = (delegate* unmanaged<byte*, int, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGetName");
        var getMemory = (delegate* unmanaged<nuint*, int, int>)NativeLibrary.GetExport(driver, "cuDeviceTotalMem_v2");

        int device = 0;
        nuint bytes = 0;
        var name = stackalloc byte[LongestName];
        var answered = initialize(0) == Success
            && getDevice(&device, index) == Success
            && getName(name, LongestName, device) == Success
            && getMemory(&bytes, device) == Success;
        if (!answered)
        {
            return null;
        }

        var text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name);
        return (Encoding.UTF8.GetString(text), checked((long)bytes));
    }
}
