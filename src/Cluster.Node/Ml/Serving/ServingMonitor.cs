using MlCluster.Inference;
using MlCluster.Messages.Profile;

namespace MlCluster.Node.Ml.Serving;

/// <summary>Counts and times the requests of one loaded model; any thread.</summary>
/// <remarks>Made when the model is warm: what ran before was nobody's request.</remarks>
/// <param name="windowSize">Requests that the times cover, as it is now.</param>
internal sealed class ServingMonitor(IServedModel served, int workers, Func<int> windowSize)
{
    private readonly Lock _gate = new();
    private readonly ServingStatistics _warmUp = served.Statistics;
    private readonly LatencyWindow _request = new();
    private readonly LatencyWindow _tokenize = new();
    private readonly LatencyWindow _queue = new();
    private readonly LatencyWindow _forward = new();
    private long _requests;
    private long _failed;

    public void Record(PredictionResult result, TimeSpan whole)
    {
        lock (_gate)
        {
            _requests++;
            var size = windowSize();
            _request.Record(whole, size);
            _tokenize.Record(result.Tokenize, size);
            _queue.Record(result.Queue, size);
            _forward.Record(result.Forward, size);
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
        var size = windowSize();
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
                    _request.Summarize(size),
                    _tokenize.Summarize(size),
                    _queue.Summarize(size),
                    _forward.Summarize(size)));
        }
    }
}
