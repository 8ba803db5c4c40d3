using MlCluster.Messages;
using MlCluster.Messages.Statistics;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Tests.Telemetry;

public sealed class NodeMetricsTests : IDisposable
{
    private const string Function = "TEXT_EMBEDDING";
    private static readonly ModelId Model = new("model-1");
    private static readonly PredictTimes Times = new(
        TimeSpan.FromMilliseconds(7), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2),
        TimeSpan.FromMilliseconds(4));

    private readonly NodeId _node = new($"node-{Guid.NewGuid():N}");
    private readonly NodeMetrics _metrics;
    private readonly MetricReader _reader;

    public NodeMetricsTests()
    {
        _metrics = new NodeMetrics(_node);
        _reader = new MetricReader(_node);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public void Record_Predictions_StatisticsAndMetricsTellTheSame()
    {
        var model = _metrics.Models.Of(Model, Function, "cpu");
        model.Record(Times);
        model.Record(Times);
        model.RecordFailure();

        (string, string)[] labels = [("model", "model-1"), ("action", "predict"), ("device", "cpu")];
        var action = Assert.Single(_metrics.Read().Actions);
        Assert.Equal(new ActionStatistics(Function, Model, "predict", 3, 1), action);
        Assert.Equal(3, _reader.Observed("mlcluster.requests", labels));
        Assert.Equal(1, _reader.Observed("mlcluster.failures", labels));
        Assert.Equal((3, 1), (_metrics.Read().Numbers.Requests, _metrics.Read().Numbers.Failures));
    }

    [Theory]
    [InlineData("mlcluster.predict.duration", 0.007)]
    [InlineData("mlcluster.predict.tokenize.duration", 0.001)]
    [InlineData("mlcluster.predict.queue.duration", 0.002)]
    [InlineData("mlcluster.predict.forward.duration", 0.004)]
    public void Record_Prediction_TimesEachStageInSeconds(string name, double seconds)
    {
        _metrics.Models.Of(Model, Function, "cpu").Record(Times);

        Assert.Equal(
            [seconds],
            _reader.Recorded(name, ("model", "model-1"), ("function", "text_embedding"), ("device", "cpu")));
    }

    [Fact]
    public void Routed_Predictions_AreTimedAndTheLastOnesKept()
    {
        foreach (var millis in new[] { 900, 10, 30 })
        {
            _metrics.Routed.Record(Model, TimeSpan.FromMilliseconds(millis), kept: 2);
        }

        Assert.Equal(
            [0.9, 0.01, 0.03], _reader.Recorded("mlcluster.gateway.predict.duration", ("model", "model-1")));
        var routed = Assert.Single(_metrics.Routed.Read(kept: 2));
        Assert.Equal((Model, 2, 20), (routed.ModelId, routed.Times.Count, routed.Times.Average));
        Assert.Empty(_metrics.Routed.Read(kept: 0));
    }

    [Fact]
    public void End_Load_LeavesItsCountsAndTakesItsQueue()
    {
        var model = _metrics.Models.Of(Model, Function, "cpu");
        var first = () => new EngineCounts(9, 1, 2, 30, 4);
        var second = () => new EngineCounts(5, 10, 20, 300, 40);
        model.Begin(first);
        model.End(first);
        model.End(first);
        Assert.Equal(0, _metrics.Read().Numbers.DeployedModels);

        model.Begin(second);

        Assert.Equal(new EngineCounts(5, 11, 22, 330, 44), model.Engine);
        Assert.Equal(1, _metrics.Read().Numbers.DeployedModels);
        Assert.Equal(5, _reader.Observed("mlcluster.queue.tokens"));
        Assert.Equal(22, _reader.Observed("mlcluster.documents"));
        Assert.Equal(1, _reader.Observed("mlcluster.models.served"));
    }

    [Fact]
    public void Read_ModelOnTwoDevices_CountsOnce()
    {
        foreach (var device in new[] { "cpu", "cuda:0" })
        {
            var model = _metrics.Models.Of(Model, Function, device);
            model.Begin(() => EngineCounts.None);
            model.Record(Times);
        }

        Assert.Equal(1, _metrics.Read().Numbers.DeployedModels);
        Assert.Equal(2, Assert.Single(_metrics.Read().Actions).Requests);
    }

    [Fact]
    public void Forget_ModelsThatAreGone_LeavesTheSumsToNoModel()
    {
        foreach (var id in new[] { "model-1", "model-2" })
        {
            var model = _metrics.Models.Of(new ModelId(id), Function, "cpu");
            var engine = () => new EngineCounts(0, 1, 2, 30, 4);
            model.Begin(engine);
            model.Record(Times);
            model.RecordFailure();
            model.End(engine);
            _metrics.Forget(new ModelId(id));
        }

        var read = _metrics.Read();
        Assert.Equal(new ActionStatistics(Function, null, "predict", 4, 2), Assert.Single(read.Actions));
        Assert.Equal((4, 2), (read.Numbers.Requests, read.Numbers.Failures));
        Assert.Equal(4, _reader.Observed("mlcluster.requests", ("function", "text_embedding"), ("device", "cpu")));
        Assert.Equal(4, _reader.Observed("mlcluster.documents", ("function", "text_embedding")));
        Assert.Equal(0, _reader.Observed("mlcluster.documents", ("model", "model-1")));
    }

    [Fact]
    public void Forget_ModelAtWork_KeepsItsCounts()
    {
        var model = _metrics.Models.Of(Model, Function, "cpu");
        var engine = () => EngineCounts.None;
        model.Begin(engine);
        model.Record(Times);

        _metrics.Forget(Model);
        model.Record(Times);

        Assert.Equal(new ActionStatistics(Function, Model, "predict", 2, 0), Assert.Single(_metrics.Read().Actions));
    }

    [Fact]
    public void Read_WorkUnderWay_IsExecuting()
    {
        _metrics.Loads.Enter();
        _metrics.Downloads.Enter();
        _metrics.Models.Of(Model, Function, "cpu").Enter();
        Assert.Equal(3, _metrics.Read().Numbers.ExecutingTasks);
        Assert.Equal(1, _reader.Observed("mlcluster.tasks.running", ("kind", "load")));
        Assert.Equal(1, _reader.Observed("mlcluster.predict.active"));

        _metrics.Loads.Leave();
        _metrics.Downloads.Leave();
        _metrics.Models.Of(Model, Function, "cpu").Leave();

        Assert.Equal(0, _metrics.Read().Numbers.ExecutingTasks);
    }

    [Fact]
    public void Refusals_OfEveryKind_AreCircuitBreakers()
    {
        _metrics.Refusals.BodiesFull();
        _metrics.Refusals.QueueFull();
        _metrics.Refusals.NoRoom();
        _metrics.Refusals.NoRoom();

        Assert.Equal(4, _metrics.Read().Numbers.Refusals);
        Assert.Equal(2, _reader.Observed("mlcluster.refusals", ("reason", "no_room")));
    }

    [Fact]
    public void Bodies_UpToTheLimit_AreHeldAndTold()
    {
        Assert.True(_metrics.Bodies.TryHold(60, 100, out _));
        Assert.False(_metrics.Bodies.TryHold(41, 100, out var wanted));
        Assert.Equal(101, wanted);
        Assert.Equal(60, _reader.Observed("mlcluster.http.bodies.size"));
        Assert.Equal(1, _reader.Observed("mlcluster.refusals", ("reason", "bodies_full")));

        _metrics.Bodies.Release(60);

        Assert.True(_metrics.Bodies.TryHold(100, 100, out _));
    }

    [Fact]
    public void Journals_WriteThatFailed_IsTimedAndCounted()
    {
        _metrics.Journals.Record("sql", TimeSpan.FromMilliseconds(3), failed: true);
        _metrics.Journals.Record("sql", TimeSpan.FromMilliseconds(4), failed: false);

        Assert.Equal([0.003, 0.004], _reader.Recorded("mlcluster.journal.write.duration", ("journal", "sql")));
        Assert.Equal([1.0], _reader.Recorded("mlcluster.journal.write.failures", ("journal", "sql")));
    }

    [Fact]
    public void Process_Memory_IsTold() => Assert.True(_reader.Observed("process.memory.usage") > 1 << 20);
}
