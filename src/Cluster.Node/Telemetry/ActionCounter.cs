using MlCluster.Messages;

namespace MlCluster.Node.Telemetry;

/// <summary>What is counted apart.</summary>
/// <param name="Function">Of the model, in OpenSearch's words.</param>
/// <param name="Model">Null: all models that are gone.</param>
/// <param name="Action">One of <see cref="ActionNames"/>.</param>
/// <param name="Device">Where it ran; null: nowhere, or not known.</param>
internal sealed record ActionKey(string Function, ModelId? Model, string Action, string? Device);

/// <summary>Requests of one kind since the process began; any thread.</summary>
internal sealed class ActionCounter(KeyValuePair<string, object?>[] tags)
{
    private long _requests;
    private long _failures;

    /// <summary>Labels of the metric, made once.</summary>
    public KeyValuePair<string, object?>[] Tags => tags;

    /// <summary>Requests, failed ones included.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public long Failures => Interlocked.Read(ref _failures);

    public void Request() => Interlocked.Increment(ref _requests);

    /// <summary>One that was counted as a request came to nothing.</summary>
    public void Failure() => Interlocked.Increment(ref _failures);

    /// <summary>Counts on from what another one has counted.</summary>
    public void Take(ActionCounter other)
    {
        Interlocked.Add(ref _requests, other.Requests);
        Interlocked.Add(ref _failures, other.Failures);
    }
}
