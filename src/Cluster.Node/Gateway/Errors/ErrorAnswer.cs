using System.Globalization;
using System.Text.Json;
using MlCluster.Node.Gateway.Frame;

namespace MlCluster.Node.Gateway.Errors;

/// <summary>Writes the error envelope (contract 1.1) or its short form (1.2).</summary>
internal sealed class ErrorAnswer : JsonAnswer
{
    private readonly ApiError _error;

    /// <param name="error">What to say.</param>
    /// <param name="withTrace">The client asked for <c>error_trace</c>.</param>
    public ErrorAnswer(ApiError error, bool withTrace)
        : base(json => Write(json, error, withTrace), error.Status) => _error = error;

    /// <summary>Adds the headers that go with the error.</summary>
    protected override void SetHeaders(IHeaderDictionary headers)
    {
        if (_error.Allow.Count > 0)
        {
            headers.Allow = string.Join(',', _error.Allow);
        }

        if (_error.RetryAfter is { } after)
        {
            headers.RetryAfter = ((long)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
    }

    private static void Write(Utf8JsonWriter json, ApiError error, bool withTrace)
    {
        json.WriteStartObject();
        if (error.Type is null)
        {
            json.WriteString("error", error.Reason);
        }
        else
        {
            WriteEnvelope(json, error, withTrace);
        }

        if (error.StatusInBody)
        {
            json.WriteNumber("status", error.Status);
        }

        json.WriteEndObject();
    }

    // Causes are exceptions of the engine: the root is the innermost of OpenSearch's own, and so never one of them.
    private static void WriteEnvelope(Utf8JsonWriter json, ApiError error, bool withTrace)
    {
        json.WriteStartObject("error");
        json.WriteStartArray("root_cause");
        json.WriteStartObject();
        WriteCause(json, error, withTrace);
        json.WriteEndObject();
        json.WriteEndArray();
        WriteCause(json, error, withTrace);
        if (error.Cause is { } cause)
        {
            json.WriteStartObject("caused_by");
            json.WriteString("type", cause.Type);
            json.WriteString("reason", cause.Reason);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteCause(Utf8JsonWriter json, ApiError error, bool withTrace)
    {
        json.WriteString("type", error.Type);
        json.WriteString("reason", error.Reason);
        foreach (var (key, value) in error.Metadata)
        {
            if (value is long number)
            {
                json.WriteNumber(key, number);
            }
            else
            {
                json.WriteString(key, value.ToString());
            }
        }

        if (withTrace)
        {
            json.WriteString("stack_trace", error.StackTrace ?? $"{error.Type}: {error.Reason}");
        }
    }
}
