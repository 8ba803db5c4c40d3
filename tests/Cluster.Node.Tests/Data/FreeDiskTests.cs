using Akka.Configuration;
using MlCluster.Node.Data;
using MlCluster.Node.Ml;

namespace MlCluster.Node.Tests.Data;

public class FreeDiskTests
{
    [Theory]
    [InlineData("", 5L << 30)]
    [InlineData("mlcluster.disk-free-space-threshold = 1 MiB", 1L << 20)]
    [InlineData("mlcluster.disk-free-space-threshold = 0", 0)]
    [InlineData("mlcluster.disk-free-space-threshold = -1", 0)]
    public void ThresholdOf_OneSetting_IsForUploads(string text, long bytes)
    {
        var config = ConfigurationFactory.ParseString(text);

        Assert.Equal(bytes, FreeDisk.ThresholdOf(config));
        Assert.Equal(bytes, DataOptions.FromConfig(config).Limits.DiskFreeThresholdBytes);
    }

    [Fact]
    public void ThresholdOf_OneSetting_IsForLoadsToo()
    {
        var shipped = ConfigurationFactory.ParseString(File.ReadAllText("hocon/ml.hocon"));
        var config = ConfigurationFactory.ParseString("mlcluster.disk-free-space-threshold = 7 KiB")
            .WithFallback(shipped);

        Assert.Equal(7 * 1024, MlOptions.FromConfig(config).Limits.MinFreeDiskBytes);
    }

    [Fact]
    public void BytesAt_AFolder_IsKnown() => Assert.True(FreeDisk.BytesAt(Path.GetTempPath()) > 0);

    [Fact]
    public void BytesAt_NoFolder_IsUnknown() => Assert.Null(FreeDisk.BytesAt("/no/such/folder"));
}
