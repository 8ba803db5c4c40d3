using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Tests.Telemetry;

public sealed class ProcFilesTests
{
    [Theory]
    [InlineData("MemTotal:        1000 kB\nMemFree:  1 kB\nMemAvailable:     250 kB\n", 75)]
    [InlineData("MemTotal:        1000 kB\n", null)]
    [InlineData("MemTotal: 0 kB\nMemAvailable: 0 kB", null)]
    [InlineData("", null)]
    public void MemoryPercent_OfMeminfo_IsWhatIsNotAvailable(string text, int? percent) =>
        Assert.Equal(percent, ProcFiles.MemoryPercent(text));

    [Theory]
    [InlineData("0.52 1.58 10.59 1/977 1234\n", 0.52, 1.58, 10.59)]
    [InlineData("0.5", 0.5, null, null)]
    [InlineData("", null, null, null)]
    public void Loads_OfLoadavg_AreItsFirstThree(string text, double? one, double? five, double? fifteen) =>
        Assert.Equal([one, five, fifteen], ProcFiles.Loads(text));

    [Fact]
    public void Processors_OfTwoLooks_GiveWhatWasBusyBetween()
    {
        var before = ProcFiles.Processors("cpu  10 0 10 70 10 0 0 0 9 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n")!;
        var after = ProcFiles.Processors("cpu  50 5 15 110 30 5 5 0 9 0\n")!;

        Assert.Equal(new ProcessorTime(20, 100), before);
        Assert.Equal(50, after.PercentSince(before));
        Assert.Null(after.PercentSince(after));
    }

    [Theory]
    [InlineData("")]
    [InlineData("intr 1 2 3 4 5 6 7 8 9")]
    [InlineData("cpu 1 2 3")]
    [InlineData("cpu 1 2 3 4 5 6 7 x")]
    public void Processors_OfOtherTexts_AreUnknown(string text) => Assert.Null(ProcFiles.Processors(text));
}
