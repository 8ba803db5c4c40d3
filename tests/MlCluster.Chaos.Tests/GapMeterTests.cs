using Microsoft.Extensions.Time.Testing;
using MlCluster.Chaos.Load;

namespace MlCluster.Chaos.Tests;

public sealed class GapMeterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Answered_AfterGaps_KeepsTheLongest()
    {
        var gaps = new GapMeter(_time);

        Answer(gaps, seconds: 2, excused: false);
        Answer(gaps, seconds: 5, excused: false);
        Answer(gaps, seconds: 1, excused: false);

        Assert.Equal(TimeSpan.FromSeconds(5), gaps.Longest);
        Assert.Equal(TimeSpan.FromSeconds(5), gaps.LongestServed);
    }

    [Fact]
    public void Answered_AllNodesWereHit_CountsForTheWholeAlone()
    {
        var gaps = new GapMeter(_time);

        Answer(gaps, seconds: 2, excused: false);
        Answer(gaps, seconds: 9, excused: true);

        Assert.Equal(TimeSpan.FromSeconds(9), gaps.Longest);
        Assert.Equal(TimeSpan.FromSeconds(2), gaps.LongestServed);
    }

    private void Answer(GapMeter gaps, int seconds, bool excused)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        gaps.Answered(excused);
    }
}
