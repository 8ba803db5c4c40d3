using System.Text;
using System.Text.Json;

namespace MlCluster.Node.Gateway.Json;

/// <summary>A value of a body that knows where it stands; for bodies whose form depends on what is in them.</summary>
/// <param name="Kind">Of its first token.</param>
/// <param name="Text">A text, or a number or word as it is written.</param>
/// <param name="Fields">Of an object, in their order.</param>
/// <param name="Items">Of an array.</param>
internal sealed record JsonPart(
    JsonTokenType Kind,
    string Text,
    IReadOnlyList<(string Name, JsonPart Value)> Fields,
    IReadOnlyList<JsonPart> Items)
{
    private ReadOnlyMemory<byte> _body;
    private long _index;

    /// <summary>Where it begins; counted when somebody wants to know.</summary>
    public (long Line, long Column) At => JsonSyntax.Position(_body.Span, _index);

    /// <summary>True for texts, numbers and booleans.</summary>
    public bool IsValue => Kind is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True
        or JsonTokenType.False;

    /// <summary>OpenSearch's name of the token.</summary>
    public string KindName => JsonErrors.NameOf(Kind);

    /// <summary>Reads a body.</summary>
    /// <exception cref="Errors.ApiException">400: it is no JSON.</exception>
    public static JsonPart Parse(ReadOnlyMemory<byte> body)
    {
        // It checks the whole of it, and knows what an empty one is.
        _ = new JsonPull(body.Span);
        var bom = body.Span.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var text = body[bom..];
        var reader = new Utf8JsonReader(text.Span, JsonSyntax.Options);
        reader.Read();
        try
        {
            return Read(ref reader, text);
        }
        catch (DecoderFallbackException)
        {
            var (line, column) = JsonSyntax.Position(text.Span, reader.TokenStartIndex);
            throw JsonErrors.Malformed("Invalid UTF-8 in a string", line, column);
        }
    }

    private static JsonPart Read(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        var index = reader.TokenStartIndex;
        var part = reader.TokenType switch
        {
            JsonTokenType.StartObject => new JsonPart(reader.TokenType, "", ReadFields(ref reader, body), []),
            JsonTokenType.StartArray => new JsonPart(reader.TokenType, "", [], ReadItems(ref reader, body)),
            JsonTokenType.String => new JsonPart(reader.TokenType, JsonStrings.Decode(in reader), [], []),
            var other => new JsonPart(other, Encoding.ASCII.GetString(reader.ValueSpan), [], []),
        };
        (part._body, part._index) = (body, index);
        return part;
    }

    private static List<(string Name, JsonPart Value)> ReadFields(
        ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        var fields = new List<(string, JsonPart)>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = JsonStrings.Decode(in reader);
            reader.Read();
            fields.Add((name, Read(ref reader, body)));
        }

        return fields;
    }

    private static List<JsonPart> ReadItems(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        var items = new List<JsonPart>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Read(ref reader, body));
        }

        return items;
    }
}
