using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MlCluster.Inference.Tokenization.Json;

/// <summary>A value of a tokenizer.json with its path, so that a refusal can name it.</summary>
internal readonly record struct JsonPart(JsonElement Value, string Path)
{
    /// <summary>The component's <c>type</c>.</summary>
    public string Type => Required("type").AsString();

    /// <summary>A member that must be there.</summary>
    /// <exception cref="ModelFormatException">It is missing or null.</exception>
    public JsonPart Required(string name) =>
        TryGet(name, out var part) ? part : throw Refuse.Because($"{PathOf(name)} is missing");

    /// <summary>A member that may be absent or null.</summary>
    public bool TryGet(string name, out JsonPart part)
    {
        part = default;
        if (Value.ValueKind != JsonValueKind.Object)
        {
            throw IsNot("an object");
        }

        if (!Value.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return false;
        }

        part = new JsonPart(value, PathOf(name));
        return true;
    }

    /// <summary>A switch; as it is by default where it is absent or null.</summary>
    public bool Flag(string name, bool byDefault) => TryGet(name, out var part) ? part.AsBoolean() : byDefault;

    /// <summary>Reads a component that may be absent or null.</summary>
    public T? Optional<T>(string name, Func<JsonPart, T> read)
        where T : class =>
        TryGet(name, out var part) ? read(part) : null;

    /// <summary>The members of an array.</summary>
    public IEnumerable<JsonPart> Items()
    {
        if (Value.ValueKind != JsonValueKind.Array)
        {
            throw IsNot("an array");
        }

        var path = Path;
        return Value.EnumerateArray().Select((item, index) =>
            new JsonPart(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]")));
    }

    public string AsString() =>
        Value.ValueKind == JsonValueKind.String ? Value.GetString()! : throw IsNot("a string");

    public bool AsBoolean() =>
        Value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? Value.GetBoolean()
            : throw IsNot("true or false");

    /// <summary>A number of tokens or an id; what is too large to matter becomes the largest integer.</summary>
    public int AsCount() =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetUInt64(out var count)
            ? (int)Math.Min(count, int.MaxValue)
            : throw IsNot("a whole number");

    public double AsNumber() =>
        Value.ValueKind == JsonValueKind.Number ? Value.GetDouble() : throw IsNot("a number");

    /// <summary>One character, which may take two UTF-16 units.</summary>
    public Rune AsCharacter()
    {
        var text = AsString();
        return Rune.DecodeFromUtf16(text, out var rune, out var width) == OperationStatus.Done && width == text.Length
            ? rune
            : throw IsNot("one character");
    }

    /// <summary>One of a closed set of names.</summary>
    public T AsEnum<T>()
        where T : struct, Enum
    {
        var name = AsString();
        return Enum.GetNames<T>().Contains(name, StringComparer.Ordinal)
            ? Enum.Parse<T>(name)
            : throw IsNot($"one of {string.Join(", ", Enum.GetNames<T>())}");
    }

    /// <summary>The refusal of a component that is not supported.</summary>
    public ModelFormatException UnknownType() => Refuse.Because($"{Path} has the unsupported type '{Type}'");

    private string PathOf(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    private ModelFormatException IsNot(string expected) =>
        Refuse.Because($"{(Path.Length == 0 ? "the document" : Path)} is not {expected}");
}
