namespace MlCluster.Messages.Inference;

/// <summary>Gateway → ModelHostActor of the picked node: answer for documents.</summary>
/// <param name="RequestId">
/// Of the client's request, unique in the cluster; all its groups and their retries carry it.
/// </param>
/// <param name="TargetResponse">Outputs wanted by name; null: no filter by name.</param>
/// <param name="TargetPositions">Outputs wanted by position; null: no filter by position.</param>
/// <param name="IncludeData">False: shapes and types alone.</param>
/// <param name="Timeout">How long the gateway waits; work that is older is dropped.</param>
/// <param name="Query">What each text is held against: a query or a question; null: nothing.</param>
/// <param name="Role">What the texts are to an asymmetric model; null: not said.</param>
/// <param name="Format">How sparse answers name tokens.</param>
/// <param name="Trace">The trace that it is a part of; null: none.</param>
/// <param name="IsContinuation">True: a rate limiter has let the client's request through already.</param>
/// <param name="Call">Number of the message among those of the client's request, retries included; 0: not said.</param>
public sealed record PredictRequest(
    ModelId ModelId,
    string RequestId,
    IReadOnlyList<string> Texts,
    IReadOnlyList<string>? TargetResponse,
    IReadOnlyList<int>? TargetPositions,
    bool IncludeData,
    TimeSpan Timeout,
    string? Query = null,
    DocumentRole? Role = null,
    TokenFormat Format = TokenFormat.Word,
    TraceContext? Trace = null,
    bool IsContinuation = false,
    int Call = 0) : IWithModelId;

/// <summary>Where a request belongs to, as W3C's headers of trace context say it.</summary>
/// <param name="Parent"><c>traceparent</c>: version, trace, span, flags.</param>
/// <param name="State"><c>tracestate</c>; null: none.</param>
public sealed record TraceContext(string Parent, string? State);

/// <summary>What a text is to an asymmetric model.</summary>
public enum DocumentRole
{
    /// <summary>Something that is looked for.</summary>
    Query = 1,

    /// <summary>Something that may be found.</summary>
    Passage = 2,
}

/// <summary>How sparse answers name tokens.</summary>
public enum TokenFormat
{
    /// <summary>By their texts.</summary>
    Word = 0,

    /// <summary>By their ids.</summary>
    TokenId = 1,
}
