using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Tests.Telemetry;

/// <summary>What a process says that it takes.</summary>
public class ProcessMeterTests
{
    [Fact]
    public void Read_ThisProcess_IsPlausible()
    {
        var read = ProcessMeter.Read();

        Assert.InRange(read.UptimeMillis, 1, 24 * 3_600_000);
        Assert.InRange(read.CpuMillis, 1, read.UptimeMillis * Environment.ProcessorCount);
        Assert.InRange(read.ResidentBytes, 1 << 20, read.VirtualBytes);
        Assert.InRange(read.LimitBytes, 1 << 20, long.MaxValue);
        Assert.True(read.Threads > 1 && read.OpenFiles is null or > 2);
    }
}
