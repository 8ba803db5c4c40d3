namespace MlCluster.Messages.Profile;

/// <summary>Gateway → ModelHostActor: what is this node doing with its models. Answer:
/// <see cref="NodeProfileReply"/>.</summary>
/// <param name="ModelIds">Empty: all.</param>
public sealed record GetNodeProfile(IReadOnlyList<ModelId> ModelIds) : IClusterProtocol
{
    /// <summary>True: tell the predictions that are being answered too.</summary>
    public bool WithPredictions { get; init; }
}

/// <summary>Every model that the node has, is getting or has given up; unknown ids are absent.</summary>
public sealed record NodeProfileReply(NodeId NodeId, IReadOnlyList<ModelProfile> Models) : IClusterProtocol;

/// <summary>One model on one node.</summary>
/// <param name="Error">Why it failed; null unless <see cref="ModelStage.Failed"/>.</param>
/// <param name="Serving">Null unless it is loaded.</param>
public sealed record ModelProfile(
    ModelId ModelId,
    ModelStage Stage,
    string FunctionName,
    long SizeBytes,
    string? Error,
    ServingProfile? Serving)
{
    /// <summary>Upper case, such as <c>ONNX</c>; empty from a node that does not say.</summary>
    public string ModelFormat { get; init; } = "";

    /// <summary>What it is answering, the oldest first; empty where it was not asked for.</summary>
    public IReadOnlyList<RunningPrediction> Predictions { get; init; } = [];

    /// <summary>Milliseconds since it was last used, or loaded where nobody has used it; null: it is not in service, or
    /// its node does not say.</summary>
    public long? IdleMilliseconds { get; init; }
}

/// <summary>A prediction that a node is answering.</summary>
/// <param name="Id">Of the client's request, unique in the cluster; a task in memory alone.</param>
/// <param name="Began">Its arrival on this node, epoch milliseconds.</param>
public sealed record RunningPrediction(TaskId Id, long Began);

/// <summary>How a loaded model is served.</summary>
/// <param name="Device">Where, such as <c>cpu</c>.</param>
/// <param name="Batching">As in <see cref="Routing.ServedModel.Batching"/>.</param>
/// <param name="Workers">Worker threads.</param>
/// <param name="QueuedTokens">Tokens waiting or running.</param>
/// <param name="Documents">Documents of requests since the load; the warm-up is nobody's request.</param>
/// <param name="Forwards">Their forwards.</param>
/// <param name="PaddingShare">Padding tokens ÷ all tokens of these forwards, 0–1.</param>
/// <param name="Requests">Requests answered since the load, failed ones included.</param>
/// <param name="FailedRequests">Requests that ended in an error or were refused.</param>
public sealed record ServingProfile(
    string Device,
    string Batching,
    int Workers,
    long QueuedTokens,
    long Documents,
    long Forwards,
    double PaddingShare,
    long Requests,
    long FailedRequests,
    ServingLatencies Latencies);

/// <summary>Times of the last requests (<c>monitoring_request_count</c> of them).</summary>
/// <param name="Request">From the request's arrival on the ml node to its answer.</param>
/// <param name="Tokenize">Until the first documents were queued.</param>
/// <param name="Queue">From then until the first forward began.</param>
/// <param name="Forward">From then until the last forward ended.</param>
public sealed record ServingLatencies(
    LatencySummary Request, LatencySummary Tokenize, LatencySummary Queue, LatencySummary Forward);

/// <summary>Milliseconds over a window; all 0 when nothing was measured.</summary>
/// <param name="Count">Measurements in the window.</param>
public sealed record LatencySummary(
    long Count, double Max, double Min, double Average, double P50, double P90, double P99);

/// <summary>Where a model is on its way; the numbers are part of the wire format.</summary>
public enum ModelStage
{
    /// <summary>Waits for room among the loads, or for its next attempt.</summary>
    Queued = 1,

    /// <summary>Its chunks are read.</summary>
    Fetching = 2,

    /// <summary>The archive is unpacked and checked.</summary>
    Verifying = 3,

    /// <summary>A child process tries it.</summary>
    Rehearsing = 4,

    /// <summary>It goes to its device.</summary>
    Loading = 5,

    /// <summary>Its first answer is awaited.</summary>
    Warming = 6,

    /// <summary>It answers.</summary>
    Serving = 7,

    /// <summary>Requests in flight finish; no new ones are taken.</summary>
    Draining = 8,

    /// <summary>Given up until someone deploys again.</summary>
    Failed = 9,
}
