using System.Runtime.InteropServices;
using MlCluster.Inference;

namespace MlCluster.Load.Reporting;

/// <summary>What the numbers were taken on.</summary>
internal static class Machine
{
    public static string Describe() => 
        $"{Value("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores, "
        + $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30)} GiB, {Value("/etc/os-release", "PRETTY_NAME")}, "
        + $"{RuntimeInformation.FrameworkDescription}, libtorch {TorchRuntime.Start().Version}";

    private static string Value(string file, string key) =>
        File.Exists(file) && File.ReadLines(file).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOfAny([':', '=']) + 1)..].Trim().Trim('"')
            : "unknown";
}
