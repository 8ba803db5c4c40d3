using MlCluster.Inference;
using MlCluster.Messages.Profile;

namespace MlCluster.Node.Ml.Serving;

/// <summary>Counts and times the requests of one loaded model; any thread.</summary>
/// <remarks>Made when the model is warm: what ran before was nobody's request.</remarks>
internal sealed class ServingMonitor(IServedModel served, int workers, int windowSize)
{
    private readonly Lock _gate = new();
    private readonly ServingStatistics _warmUp = served.Statistics;
    private readonly LatencyWindow _request = new(windowSize);
    private readonly LatencyWindow _tokenize = new(windowSize);
    private readonly LatencyWindow _queue = new(windowSize);
    private readonly LatencyWindow _forward = new(windowSize);
    private long _requests;
    private long _failed;

    public void Record(PredictionResult result, TimeSpan whole)
    {
        lock (_gate)
        {
            _requests++;
            _request.Record(whole);
            _tokenize.Record(result.Tokenize);
            _queue.Record(result.Queue);
            _forward.Record(result.Forward);
        }
    }

    public void RecordFailure()
    {
        lock (_gate)
        {
            _requests++;
            _failed++;
        }
    }

    public ServingProfile Profile()
    {
        var engine = served.Statistics.Since(_warmUp);
        lock (_gate)
        {
            return new ServingProfile(
                served.Device.Name,
                BatchingWord.Of(served.Batching),
                workers,
                engine.QueuedTokens,
                engine.Documents,
                engine.Forwards,
                engine.PaddingShare,
                _requests,
                _failed,
                new ServingLatencies(
                    _request.Summarize(), _tokenize.Summarize(), _queue.Summarize(), _forward.Summarize()));
        }
    }
}
