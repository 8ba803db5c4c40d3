using System.Runtime.InteropServices;

namespace MlCluster.Node.Ml.Rehearsal;

/// <summary>The few calls into libc that keep a rehearsal within its limits; Linux.</summary>
internal static partial class Posix
{
    /// <summary>Numbers of <c>setrlimit</c>'s resources.</summary>
    public enum Resource
    {
        /// <summary>Bytes of a file that the process writes.</summary>
        FileSize = 1,

        /// <summary>Bytes of a core dump.</summary>
        Core = 4,

        /// <summary>Bytes of address space.</summary>
        AddressSpace = 9,
    }

    /// <summary>Sets a limit that the process cannot raise again.</summary>
    public static void Limit(Resource resource, long bytes)
    {
        var limit = new ResourceLimit((ulong)bytes, (ulong)bytes);
        _ = SetLimit((int)resource, in limit);
    }

    /// <summary>Has the kernel kill the process after this many seconds.</summary>
    [LibraryImport("libc", EntryPoint = "alarm")]
    public static partial uint KillAfter(uint seconds);

    /// <summary>Ends the process now, whatever its threads do.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitNow(int code);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in ResourceLimit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct ResourceLimit(ulong Current, ulong Maximum);
}
