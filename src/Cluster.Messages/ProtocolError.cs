namespace MlCluster.Messages;

/// <summary>An expected refusal: mapped once to an HTTP status and an OpenSearch error body.</summary>
/// <param name="Code">The kind.</param>
/// <param name="Reason">What was wrong, the limit, the cure; begins with OpenSearch's text where it has one.</param>
public sealed record ProtocolError(ErrorCode Code, string Reason)
{
    /// <summary>What led to it; null: the reason says all there is.</summary>
    public ErrorCause? Cause { get; init; }
}

/// <summary>What led to a refusal.</summary>
/// <param name="Type">OpenSearch's name of the exception, such as <c>translate_exception</c>.</param>
/// <param name="Reason">What it says.</param>
public sealed record ErrorCause(string Type, string Reason);

/// <summary>Kinds of refusal; the numbers are part of the wire format.</summary>
public enum ErrorCode
{
    /// <summary>400 <c>illegal_argument_exception</c>.</summary>
    IllegalArgument = 1,

    /// <summary>400 <c>status_exception</c>: the thing is in a state that forbids this.</summary>
    BadState = 2,

    /// <summary>404 <c>status_exception</c>.</summary>
    NotFound = 3,

    /// <summary>409 <c>status_exception</c>: busy with something that excludes this.</summary>
    Conflict = 4,

    /// <summary>413 <c>illegal_argument_exception</c>.</summary>
    TooLarge = 5,

    /// <summary>429 <c>rejected_execution_exception</c>: no room now.</summary>
    Rejected = 6,

    /// <summary>429 <c>circuit_breaking_exception</c>: disk or memory below its threshold.</summary>
    CircuitBreaking = 7,

    /// <summary>500 <c>m_l_exception</c>: the user's model threw.</summary>
    ModelFailed = 8,

    /// <summary>503 with Retry-After: the owner could not be reached within the budget.</summary>
    Unavailable = 9,

    /// <summary>408: nothing was finished in time.</summary>
    Timeout = 10,

    /// <summary>500: a fault of ours.</summary>
    Internal = 11,

    /// <summary>The picked node does not serve the model (any more): the gateway tries another, then 400.</summary>
    NotServed = 12,

    /// <summary>403 <c>status_exception</c>: not for this model.</summary>
    Forbidden = 13,

    /// <summary>429 <c>status_exception</c>: beyond the model's rate limiter.</summary>
    Throttled = 14,
}
