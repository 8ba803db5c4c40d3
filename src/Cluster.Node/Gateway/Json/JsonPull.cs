using System.Globalization;
using System.Text;
using System.Text.Json;
using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Json;

/// <summary>Pulls fields out of a request body by OpenSearch's reading rules (contract 1.4).</summary>
/// <remarks>
/// Every mistake is an <see cref="ApiException"/> with status 400. After <see cref="NextField"/> the reader is at
/// the field's value; exactly one of the value methods, or <see cref="Skip"/>, follows.
/// </remarks>
internal ref struct JsonPull
{
    private const int MaxIds = 1_000;
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];
    private readonly ReadOnlySpan<byte> _body;
    private Utf8JsonReader _reader;

    /// <summary>Checks the syntax of the whole body.</summary>
    public JsonPull(ReadOnlySpan<byte> body)
    {
        _body = body.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body;
        // A reader refuses empty input; OpenSearch finds no token in it.
        if (_body.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            throw JsonErrors.WrongToken("START_OBJECT", "null", (1, 1));
        }

        JsonSyntax.Check(_body);
        _reader = new Utf8JsonReader(_body, JsonSyntax.Options);
        _reader.Read();
    }

    /// <summary>Where the current value begins.</summary>
    private readonly (long Line, long Column) At => JsonSyntax.Position(_body, _reader.TokenStartIndex);

    /// <summary>True while an object is the current value.</summary>
    public readonly bool IsObject => _reader.TokenType == JsonTokenType.StartObject;

    /// <summary>Enters the object that is the current value.</summary>
    public readonly void BeginObject() => Expect(JsonTokenType.StartObject);

    /// <summary>Moves to the value of the next field; false at the end of the object.</summary>
    public bool NextField(out string name)
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndObject)
        {
            name = "";
            return false;
        }

        name = Decode();
        _reader.Read();
        return true;
    }

    /// <summary>Passes over the value with its children.</summary>
    public void Skip() => _reader.Skip();

    /// <summary>A text; numbers and booleans are taken as they are written.</summary>
    public readonly string Text() => _reader.TokenType switch
    {
        JsonTokenType.String => Decode(),
        JsonTokenType.Number => Encoding.ASCII.GetString(_reader.ValueSpan),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => throw JsonErrors.NotText(JsonErrors.NameOf(_reader.TokenType), At),
    };

    /// <summary>An array of texts.</summary>
    public List<string> Texts() => Texts(int.MaxValue, field: "");

    /// <summary>An array of ids: each may cost the cluster a question, so there is a limit to them.</summary>
    /// <param name="field">The array's name.</param>
    public List<string> Ids(string field) => Texts(MaxIds, field);

    /// <summary>An array of whole numbers.</summary>
    public List<int> Integers()
    {
        var numbers = new List<int>();
        Expect(JsonTokenType.StartArray);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            numbers.Add(Integer());
        }

        return numbers;
    }

    /// <summary>A whole number of 32 bits; numeric texts are taken too.</summary>
    public readonly int Integer()
    {
        var number = Whole("int", int.MinValue, int.MaxValue);
        return (int)number;
    }

    /// <summary>A whole number of 64 bits; numeric texts are taken too.</summary>
    public readonly long Long() => (long)Whole("long", long.MinValue, long.MaxValue);

    /// <summary>A boolean; the texts <c>true</c> and <c>false</c> are taken too.</summary>
    public readonly bool Boolean() => _reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String when Decode() is var text => text switch
        {
            "true" => true,
            "false" => false,
            _ => throw ApiError.IllegalArgument(
                $"Failed to parse value [{text}] as only [true] or [false] are allowed.").ToException(),
        },
        _ => throw JsonErrors.Malformed(
            $"Current token ({JsonErrors.NameOf(_reader.TokenType)}) not of boolean type", At.Line, At.Column),
    };

    /// <summary>An object as JSON text, without comments and trailing commas.</summary>
    public string RawObject()
    {
        Expect(JsonTokenType.StartObject);
        try
        {
            return JsonCopy.Object(ref _reader);
        }
        catch (DecoderFallbackException)
        {
            throw JsonErrors.Malformed("Invalid UTF-8 in a string", At.Line, At.Column);
        }
    }

    private List<string> Texts(int most, string field)
    {
        var texts = new List<string>();
        Expect(JsonTokenType.StartArray);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(texts.Count < most ? Text() : throw ApiError.IllegalArgument(
                $"[{field}] names more than {most} ids: send several requests").ToException());
        }

        return texts;
    }

    private readonly void Expect(JsonTokenType expected)
    {
        if (_reader.TokenType != expected)
        {
            throw JsonErrors.WrongToken(JsonErrors.NameOf(expected), JsonErrors.NameOf(_reader.TokenType), At);
        }
    }

    private readonly decimal Whole(string type, decimal min, decimal max)
    {
        if (_reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
        {
            throw JsonErrors.NotNumeric(JsonErrors.NameOf(_reader.TokenType), At);
        }

        var text = Text();
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            throw ApiError.NumberFormat(text).ToException();
        }

        if (number < min || number > max)
        {
            throw ApiError.IllegalArgument($"Numeric value ({text}) out of range of {type} ({min} - {max})")
                .ToException();
        }

        return number == decimal.Truncate(number) ? number : throw ApiError.IllegalArgument(
            $"{text} cannot be converted to {type} without data loss").ToException();
    }

    private readonly string Decode()
    {
        try
        {
            return JsonStrings.Decode(in _reader);
        }
        catch (DecoderFallbackException)
        {
            throw JsonErrors.Malformed("Invalid UTF-8 in a string", At.Line, At.Column);
        }
    }
}
