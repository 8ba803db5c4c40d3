using MlCluster.Messages;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Errors;

/// <summary>The one place that turns refusals and exceptions into answers.</summary>
internal static class ErrorMapping
{
    private static readonly TimeSpan UnavailableRetryAfter = TimeSpan.FromSeconds(5);
    internal static readonly TimeSpan RejectedRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Maps an expected refusal.</summary>
    public static ApiError Of(ProtocolError error) => error.Code switch
    {
        ErrorCode.IllegalArgument or ErrorCode.NotServed => ApiError.IllegalArgument(error.Reason),
        ErrorCode.BadState => ApiError.OfStatus(400, error.Reason),
        ErrorCode.NotFound => ApiError.OfStatus(404, error.Reason),
        ErrorCode.Conflict => ApiError.OfStatus(409, error.Reason),
        ErrorCode.TooLarge => ApiError.IllegalArgument(error.Reason, 413),
        ErrorCode.Rejected =>
            new ApiError(429, "rejected_execution_exception", error.Reason) { RetryAfter = RejectedRetryAfter },
        ErrorCode.CircuitBreaking => CircuitBreaking(error.Reason, 0, 0),
        ErrorCode.ModelFailed => new ApiError(500, "m_l_exception", error.Reason) { Cause = error.Cause },
        ErrorCode.Unavailable => Unavailable(error.Reason),
        ErrorCode.Timeout => ApiError.OfStatus(408, error.Reason),
        ErrorCode.Forbidden => ApiError.OfStatus(403, error.Reason),
        ErrorCode.Throttled => ApiError.OfStatus(429, error.Reason) with { RetryAfter = RejectedRetryAfter },
        ErrorCode.Internal => new ApiError(500, "exception", error.Reason),
        _ => new ApiError(500, "exception", error.Reason),
    };

    /// <summary>Maps an exception; null: a fault of ours that has no better answer than 500.</summary>
    /// <remarks>What is wrong with a request's JSON is an <see cref="ApiException"/> where the request is
    /// read.</remarks>
    public static ApiError? Of(Exception exception) => exception switch
    {
        ApiException known => known.Error,
        ClusterUnavailableException unavailable => Unavailable(unavailable.Message),
        BadHttpRequestException bad => ApiError.IllegalArgument(bad.Message, bad.StatusCode),
        _ => null,
    };

    /// <summary>The answer to a fault of ours; the log holds the rest under the same id.</summary>
    public static ApiError Fault(Exception exception, string requestId) =>
        new(500, "exception", $"internal error; the log of this node tells more under request id [{requestId}]")
        {
            StackTrace = exception.ToString(),
        };

    /// <summary>Something is full; clients of OpenSearch read the numbers beside the reason.</summary>
    public static ApiError CircuitBreaking(string reason, long bytesWanted, long bytesLimit) =>
        new(429, "circuit_breaking_exception", reason)
        {
            Metadata =
            [
                new("bytes_wanted", bytesWanted), new("bytes_limit", bytesLimit), new("durability", "TRANSIENT"),
            ],
        };

    private static ApiError Unavailable(string reason) =>
        ApiError.OfStatus(503, reason) with { RetryAfter = UnavailableRetryAfter };
}
