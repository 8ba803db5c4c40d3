using MlCluster.Node.Ml.Serving;

namespace MlCluster.Node.Tests.Ml.Serving;

public class LatencyWindowTests
{
    [Fact]
    public void Summarize_Nothing_IsAllZero()
    {
        Assert.Equal(new(0, 0, 0, 0, 0, 0, 0), new LatencyWindow(10).Summarize());
    }

    [Fact]
    public void Summarize_HundredValues_GivesNearestRanks()
    {
        var window = new LatencyWindow(100);
        foreach (var millis in Enumerable.Range(1, 100).Reverse())
        {
            window.Record(TimeSpan.FromMilliseconds(millis));
        }

        Assert.Equal(new(100, 100, 1, 50.5, 50, 90, 99), window.Summarize());
    }

    [Fact]
    public void Record_MoreThanTheWindow_ForgetsTheOldest()
    {
        var window = new LatencyWindow(2);
        foreach (var millis in new[] { 900, 1, 3 })
        {
            window.Record(TimeSpan.FromMilliseconds(millis));
        }

        Assert.Equal(new(2, 3, 1, 2, 1, 3, 3), window.Summarize());
    }

    [Fact]
    public void Record_WindowOfZero_KeepsNothing()
    {
        var window = new LatencyWindow(0);
        window.Record(TimeSpan.FromMilliseconds(5));

        Assert.Equal(0, window.Summarize().Count);
    }
}
