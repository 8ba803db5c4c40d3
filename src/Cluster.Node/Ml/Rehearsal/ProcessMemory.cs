using System.Globalization;
using System.Runtime.InteropServices;

namespace MlCluster.Node.Ml.Rehearsal;

/// <summary>Memory of a process as Linux counts it.</summary>
/// <param name="AddressSpaceBytes">All that is mapped.</param>
/// <param name="ResidentBytes">What takes up RAM.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProcessMemory(long AddressSpaceBytes, long ResidentBytes)
{
    /// <summary>Reads <c>/proc/{pid}/statm</c>; null when the process is gone.</summary>
    public static ProcessMemory? TryRead(int processId)
    {
        try
        {
            var pages = File.ReadAllText($"/proc/{processId}/statm").Split(' ');
            return new ProcessMemory(Bytes(pages[0]), Bytes(pages[1]));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Bytes(string pages) =>
        long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
