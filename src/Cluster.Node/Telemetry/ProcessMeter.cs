using System.Diagnostics;
using MlCluster.Messages.Statistics;

namespace MlCluster.Node.Telemetry;

/// <summary>Reads what this process takes.</summary>
internal static class ProcessMeter
{
    /// <summary>The numbers of this moment.</summary>
    public static ProcessLoad Read()
    {
        // The system's own clock says when the process began.
        using var process = Process.GetCurrentProcess();
        var memory = GC.GetGCMemoryInfo();
        return new ProcessLoad(
            (long)(TimeProvider.System.GetUtcNow().UtcDateTime - process.StartTime.ToUniversalTime()).TotalMilliseconds,
            (long)process.TotalProcessorTime.TotalMilliseconds,
            process.WorkingSet64,
            process.VirtualMemorySize64,
            memory.HeapSizeBytes,
            memory.TotalAvailableMemoryBytes,
            Count("/proc/self/task") ?? process.Threads.Count,
            Count("/proc/self/fd"));
    }

    private static int? Count(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder).Count() : null;
}
