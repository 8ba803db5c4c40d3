using MlCluster.Inference;
using MlCluster.Messages;
using MlCluster.Messages.Profile;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Ml.Serving;

/// <summary>One load of a model in service: what it has counted and how long its last requests took; any thread.</summary>
/// <remarks>
/// Made when the model is warm: what ran before was nobody's request. The counts are the node's metrics; a load tells of
/// what came to them while it was there.
/// </remarks>
internal sealed class ServingMonitor
{
    private readonly Lock _gate = new();
    private readonly IServedModel _served;
    private readonly int _workers;
    private readonly Func<int> _windowSize;
    private readonly NodeMetrics _node;
    private readonly ModelMetrics _metrics;
    private readonly Func<EngineCounts> _engine;
    private readonly ServingStatistics _warmUp;
    private readonly (long Requests, long Failures) _before;
    private readonly LatencyWindow _request = new();
    private readonly LatencyWindow _tokenize = new();
    private readonly LatencyWindow _queue = new();
    private readonly LatencyWindow _forward = new();
    private readonly TimeProvider _time;
    private long _lastUse;

    /// <param name="served">The model, warm.</param>
    /// <param name="workers">Its worker threads.</param>
    /// <param name="windowSize">Requests that the times cover, as it is now.</param>
    /// <param name="node">Metrics of this node.</param>
    /// <param name="subject">Which model it is.</param>
    /// <param name="time">Of its requests.</param>
    public ServingMonitor(
        IServedModel served,
        int workers,
        Func<int> windowSize,
        NodeMetrics node,
        MonitoredModel subject,
        TimeProvider time)
    {
        (_served, _workers, _windowSize, _node, _time) = (served, workers, windowSize, node, time);
        _lastUse = time.GetTimestamp();
        Running = new RunningRequests(time);
        _metrics = node.Models.Of(subject.Id, subject.FunctionName, served.Device.Name);
        _warmUp = served.Statistics;
        _before = (_metrics.Predictions.Requests, _metrics.Predictions.Failures);
        _engine = ReadEngine;
        _metrics.Begin(_engine);
    }

    /// <summary>What it is answering now.</summary>
    public RunningRequests Running { get; }

    /// <summary>Since the last request came or was answered; since the load where there was none.</summary>
    public long IdleMilliseconds => (long)_time.GetElapsedTime(Volatile.Read(ref _lastUse)).TotalMilliseconds;

    /// <summary>The model is out of service and does nothing more; harmless when said twice.</summary>
    public void End() => _metrics.End(_engine);

    /// <summary>A request was accepted.</summary>
    public void Enter()
    {
        _metrics.Enter();
        Volatile.Write(ref _lastUse, _time.GetTimestamp());
    }

    /// <summary>It was answered.</summary>
    public void Leave()
    {
        _metrics.Leave();
        Volatile.Write(ref _lastUse, _time.GetTimestamp());
    }

    /// <summary>A request was answered with results.</summary>
    public void Record(in PredictTimes times)
    {
        _metrics.Record(times);
        var size = _windowSize();
        lock (_gate)
        {
            _request.Record(times.Total, size);
            _tokenize.Record(times.Tokenize, size);
            _queue.Record(times.Queue, size);
            _forward.Record(times.Forward, size);
        }
    }

    /// <summary>A request was answered with an error.</summary>
    public void RecordFailure(Exception cause)
    {
        _metrics.RecordFailure();
        if (cause is QueueFullException)
        {
            _node.Refusals.QueueFull();
        }
    }

    public ServingProfile Profile()
    {
        var engine = _served.Statistics.Since(_warmUp);
        var size = _windowSize();
        lock (_gate)
        {
            return new ServingProfile(
                _served.Device.Name,
                BatchingWord.Of(_served.Batching),
                _workers,
                engine.QueuedTokens,
                engine.Documents,
                engine.Forwards,
                engine.PaddingShare,
                _metrics.Predictions.Requests - _before.Requests,
                _metrics.Predictions.Failures - _before.Failures,
                new ServingLatencies(
                    _request.Summarize(size),
                    _tokenize.Summarize(size),
                    _queue.Summarize(size),
                    _forward.Summarize(size)));
        }
    }

    private EngineCounts ReadEngine()
    {
        var engine = _served.Statistics.Since(_warmUp);
        return new EngineCounts(
            engine.QueuedTokens, engine.Forwards, engine.Documents, engine.Tokens, engine.PaddingTokens);
    }
}

/// <summary>Which model is monitored.</summary>
/// <param name="FunctionName">In OpenSearch's words.</param>
internal sealed record MonitoredModel(ModelId Id, string FunctionName);
