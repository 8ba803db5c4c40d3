using MlCluster.Messages;

namespace MlCluster.Node.Gateway.Errors;

/// <summary>An answer that says no (contract 1.1, 1.2).</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">OpenSearch's name of the exception; null for the short forms.</param>
/// <param name="Reason">What was wrong, the limit, the cure.</param>
internal sealed record ApiError(int Status, string? Type, string? Reason)
{
    /// <summary>Keys beside type and reason, such as <c>line</c> or <c>bytes_wanted</c>; text or number.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Metadata { get; init; } = [];

    /// <summary>What led to it; null: the reason says all there is.</summary>
    public ErrorCause? Cause { get; init; }

    /// <summary>Methods of the <c>Allow</c> header.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>When it is worth trying again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The short forms may leave the status out of the body.</summary>
    public bool StatusInBody { get; init; } = true;

    /// <summary>True: the body was refused before it was read, and is more than a connection is kept for.</summary>
    public bool ClosesConnection { get; init; }

    /// <summary>Told with <c>error_trace=true</c>.</summary>
    public string? StackTrace { get; init; }

    /// <summary><c>illegal_argument_exception</c>, the usual mistake of a client.</summary>
    public static ApiError IllegalArgument(string reason, int status = StatusCodes.Status400BadRequest) =>
        new(status, "illegal_argument_exception", reason);

    /// <summary><c>status_exception</c>.</summary>
    public static ApiError OfStatus(int status, string reason) => new(status, "status_exception", reason);

    /// <summary>A field that is required.</summary>
    public static ApiError Validation(string problem) =>
        new(StatusCodes.Status400BadRequest,
            "action_request_validation_exception", $"Validation Failed: 1: {problem};");

    /// <summary>Text that is not a number.</summary>
    public static ApiError NumberFormat(string text) =>
        new(StatusCodes.Status400BadRequest, "number_format_exception", $"For input string: \"{text}\"");

    /// <summary>A short error: one text instead of an object.</summary>
    public static ApiError Short(int status, string text) => new(status, null, text);

    /// <summary>Makes it throwable.</summary>
    public ApiException ToException(Exception? cause = null) => new(this, cause);
}

/// <summary>Carries an <see cref="ApiError"/> from where it is found to the frame.</summary>
internal sealed class ApiException(ApiError error, Exception? innerException = null)
    : Exception(error.Reason, innerException)
{
    /// <summary>The answer.</summary>
    public ApiError Error { get; } = error;
}
