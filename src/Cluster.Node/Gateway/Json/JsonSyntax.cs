using System.Text;
using System.Text.Json;
using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Json;

/// <summary>First look at a body: is it one JSON document, without duplicate names and within the limits.</summary>
internal static class JsonSyntax
{
    private const int MaxStringBytes = 50_000_000;

    /// <summary>How bodies are read: comments and trailing commas are no mistake (the seed page has one).</summary>
    public static readonly JsonReaderOptions Options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = 500,
    };

    /// <summary>Throws unless the bytes are one JSON document, or nothing but white space.</summary>
    /// <exception cref="ApiException">400 <c>json_parse_exception</c>.</exception>
    public static void Check(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, Options);
        try
        {
            Walk(ref reader, body);
        }
        catch (JsonException e)
        {
            throw JsonErrors.Malformed(e);
        }
        catch (DecoderFallbackException)
        {
            var (line, column) = Position(body, reader.TokenStartIndex);
            throw JsonErrors.Malformed("Invalid UTF-8 in a string", line, column);
        }
    }

    /// <summary>Line and column of a byte, both from 1.</summary>
    public static (long Line, long Column) Position(ReadOnlySpan<byte> body, long index)
    {
        var before = body[..(int)Math.Min(index, body.Length)];
        var line = before.Count((byte)'\n') + 1;
        return (line, before.Length - (before.LastIndexOf((byte)'\n') + 1) + 1);
    }

    private static void Walk(ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        var names = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    names.Push(new HashSet<string>(StringComparer.Ordinal));
                    break;
                case JsonTokenType.EndObject:
                    names.Pop();
                    break;
                case JsonTokenType.PropertyName when JsonStrings.Decode(in reader) is var name
                    && !names.Peek().Add(name):
                    var at = Position(body, reader.TokenStartIndex);
                    throw JsonErrors.Malformed($"Duplicate field '{name}'", at.Line, at.Column);
                case JsonTokenType.String when reader.ValueSpan.Length > MaxStringBytes:
                    throw TooLong(reader.ValueSpan.Length, Position(body, reader.TokenStartIndex));
            }
        }
    }

    private static ApiException TooLong(int bytes, (long Line, long Column) at) => JsonErrors.Malformed(
        $"String value length ({bytes}) exceeds the maximum allowed ({MaxStringBytes})", at.Line, at.Column);
}
