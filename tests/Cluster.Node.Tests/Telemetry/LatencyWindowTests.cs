using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Tests.Telemetry;

public class LatencyWindowTests
{
    [Fact]
    public void Summarize_Nothing_IsAllZero()
    {
        Assert.Equal(new(0, 0, 0, 0, 0, 0, 0), new LatencyWindow().Summarize(10));
    }

    [Fact]
    public void Summarize_HundredValues_GivesNearestRanks()
    {
        var window = new LatencyWindow();
        foreach (var millis in Enumerable.Range(1, 100).Reverse())
        {
            window.Record(TimeSpan.FromMilliseconds(millis), 100);
        }

        Assert.Equal(new(100, 100, 1, 50.5, 50, 90, 99), window.Summarize(100));
    }

    [Fact]
    public void Record_MoreThanTheWindow_ForgetsTheOldest()
    {
        var window = new LatencyWindow();
        foreach (var millis in new[] { 900, 1, 3 })
        {
            window.Record(TimeSpan.FromMilliseconds(millis), 2);
        }

        Assert.Equal(new(2, 3, 1, 2, 1, 3, 3), window.Summarize(2));
    }

    [Fact]
    public void Record_WindowOfZero_KeepsNothing()
    {
        var window = new LatencyWindow();
        window.Record(TimeSpan.FromMilliseconds(5), 0);

        Assert.Equal(0, window.Summarize(100).Count);
    }

    [Fact]
    public void Record_SizeThatChanges_HoldsAtOnce()
    {
        var window = new LatencyWindow();
        foreach (var millis in new[] { 1, 2, 3 })
        {
            window.Record(TimeSpan.FromMilliseconds(millis), 3);
        }

        Assert.Equal(1, window.Summarize(1).Count);
        window.Record(TimeSpan.FromMilliseconds(4), 3);
        window.Record(TimeSpan.FromMilliseconds(5), 3);
        Assert.Equal((3L, 3.0, 5.0), (window.Summarize(3).Count, window.Summarize(3).Min, window.Summarize(3).Max));
    }
}
