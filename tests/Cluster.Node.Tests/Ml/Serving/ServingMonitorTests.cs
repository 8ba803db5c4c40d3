using Microsoft.Extensions.Time.Testing;
using MlCluster.Inference;
using MlCluster.Messages;
using MlCluster.Node.Telemetry;
using MlCluster.Node.Tests.Ml.Fakes;
using MlCluster.Node.Tests.Telemetry;

namespace MlCluster.Node.Tests.Ml.Serving;

public sealed class ServingMonitorTests : IDisposable
{
    private static readonly PredictTimes Times = new(
        TimeSpan.FromMilliseconds(7), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2),
        TimeSpan.FromMilliseconds(4));

    private readonly NodeId _node = new($"node-{Guid.NewGuid():N}");
    private readonly NodeMetrics _metrics;

    public ServingMonitorTests() => _metrics = new NodeMetrics(_node);

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Profile_ModelThatRanBefore_CountsFromTheMonitorsBeginning()
    {
        var served = new FakeServedModel { Statistics = new ServingStatistics(0, 5, 7, 100, 50) };
        var monitor = TestModels.Monitor(served, workers: 2);
        served.Statistics = new ServingStatistics(3, 6, 9, 140, 60);

        var profile = monitor.Profile();

        Assert.Equal(
            (3, 1, 2, 0.25), (profile.QueuedTokens, profile.Forwards, profile.Documents, profile.PaddingShare));
    }

    [Fact]
    public void IdleMilliseconds_SinceTheLoadOrTheLastRequest()
    {
        var time = new FakeTimeProvider();
        var monitor = TestModels.Monitor(new FakeServedModel(), _metrics, time: time);
        time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(500, monitor.IdleMilliseconds);

        monitor.Enter();
        time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.Equal(300, monitor.IdleMilliseconds);
        monitor.Leave();

        Assert.Equal(0, monitor.IdleMilliseconds);
    }

    [Fact]
    public void Profile_NothingRan_IsAllZero()
    {
        var served = new FakeServedModel { Statistics = new ServingStatistics(0, 5, 7, 100, 50) };

        var profile = TestModels.Monitor(served, workers: 2).Profile();

        Assert.Equal((0, 0, 0.0, 0), (profile.Forwards, profile.Documents, profile.PaddingShare, profile.Requests));
    }

    [Fact]
    public void Record_AfterSomeRequests_ProfileStatisticsAndMetricsTellTheSame()
    {
        var served = new FakeServedModel { Statistics = new ServingStatistics(0, 5, 7, 100, 50) };
        using var reader = new MetricReader(_node);
        var monitor = TestModels.Monitor(served, _metrics);

        monitor.Record(Times);
        monitor.Record(Times);
        monitor.RecordFailure(new QueueFullException(10, 8));
        served.Statistics = new ServingStatistics(0, 7, 9, 140, 60);

        var profile = monitor.Profile();
        var statistics = Assert.Single(_metrics.Read().Actions);
        Assert.Equal((3, 1), (profile.Requests, profile.FailedRequests));
        Assert.Equal((3, 1), (statistics.Requests, statistics.Failures));
        Assert.Equal(2, profile.Latencies.Request.Count);
        Assert.Equal(2, reader.Recorded("mlcluster.predict.duration").Count);
        Assert.Equal((3, 1), (reader.Observed("mlcluster.requests"), reader.Observed("mlcluster.failures")));
        Assert.Equal((2, 2), (profile.Documents, profile.Forwards));
        Assert.Equal((2, 2), (reader.Observed("mlcluster.documents"), reader.Observed("mlcluster.forwards")));
        Assert.Equal(1, _metrics.Read().Numbers.Refusals);
    }

    [Fact]
    public void Profile_ModelLoadedAgain_CountsFromItsLoadAndMetricsGoOn()
    {
        var first = TestModels.Monitor(new FakeServedModel(), _metrics);
        first.Record(Times);
        first.End();

        var second = TestModels.Monitor(new FakeServedModel(), _metrics);
        second.Record(Times);

        Assert.Equal(1, second.Profile().Requests);
        Assert.Equal(2, Assert.Single(_metrics.Read().Actions).Requests);
    }
}
