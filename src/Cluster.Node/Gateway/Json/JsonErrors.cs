using System.Text.Json;
using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Json;

/// <summary>The texts with which OpenSearch's parser refuses a body (contract 1.4).</summary>
internal static class JsonErrors
{
    /// <summary>Text that is not JSON.</summary>
    public static ApiException Malformed(string problem, long line, long column) =>
        new ApiError(400, "json_parse_exception",
            $"{problem}\n at [Source: (request body); line: {line}, column: {column}]")
            .ToException();

    /// <summary>What the platform's reader says, in the same form.</summary>
    public static ApiException Malformed(JsonException e)
    {
        var position = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var problem = position < 0 ? e.Message : e.Message[..position];
        return Malformed(problem, (e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1);
    }

    /// <summary>A token of another kind than the field needs.</summary>
    public static ApiException WrongToken(string expected, string found, (long Line, long Column) at) =>
        new ApiError(
            400, "parsing_exception",
                $"Failed to parse object: expecting token of type [{expected}] but found [{found}]")
        {
            Metadata = [new("line", at.Line), new("col", at.Column)],
        }.ToException();

    /// <summary>Something that OpenSearch's parser of searches does not take.</summary>
    public static ApiException Parsing(string reason, (long Line, long Column) at) =>
        new ApiError(400, "parsing_exception", reason)
        {
            Metadata = [new("line", at.Line), new("col", at.Column)],
        }.ToException();

    /// <summary>Null, an object or an array where a text is expected.</summary>
    public static ApiException NotText(string found, (long Line, long Column) at) =>
        ApiError.IllegalArgument($"Can't get text on a {found} at {at.Line}:{at.Column}").ToException();

    /// <summary>Something that is no number where one is expected.</summary>
    public static ApiException NotNumeric(string found, (long Line, long Column) at) =>
        Malformed($"Current token ({found}) not numeric, can not use numeric value accessors", at.Line, at.Column);

    /// <summary>OpenSearch's name of a token.</summary>
    public static string NameOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "START_OBJECT",
        JsonTokenType.EndObject => "END_OBJECT",
        JsonTokenType.StartArray => "START_ARRAY",
        JsonTokenType.EndArray => "END_ARRAY",
        JsonTokenType.PropertyName => "FIELD_NAME",
        JsonTokenType.String => "VALUE_STRING",
        JsonTokenType.Number => "VALUE_NUMBER",
        JsonTokenType.True or JsonTokenType.False => "VALUE_BOOLEAN",
        JsonTokenType.Null => "VALUE_NULL",
        _ => "null",
    };
}
