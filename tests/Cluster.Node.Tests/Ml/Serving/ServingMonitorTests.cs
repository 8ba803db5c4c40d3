using MlCluster.Inference;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.Serving;

public class ServingMonitorTests
{
    [Fact]
    public void Profile_ModelThatRanBefore_CountsFromTheMonitorsBeginning()
    {
        var served = new FakeServedModel { Statistics = new ServingStatistics(0, 5, 7, 100, 50) };
        var monitor = new ServingMonitor(served, workers: 2, windowSize: () => 10);
        served.Statistics = new ServingStatistics(3, 6, 9, 140, 60);

        var profile = monitor.Profile();

        Assert.Equal(
            (3, 1, 2, 0.25), (profile.QueuedTokens, profile.Forwards, profile.Documents, profile.PaddingShare));
    }

    [Fact]
    public void Profile_NothingRan_IsAllZero()
    {
        var served = new FakeServedModel { Statistics = new ServingStatistics(0, 5, 7, 100, 50) };

        var profile = new ServingMonitor(served, workers: 2, windowSize: () => 10).Profile();

        Assert.Equal((0, 0, 0.0, 0), (profile.Forwards, profile.Documents, profile.PaddingShare, profile.Requests));
    }
}
