using System.Text.Json;

namespace MlCluster.Inference.Functions;

/// <summary>Weights of tokens that lie beside a tokenizer; a token without one weighs 1.</summary>
internal sealed class IdfTable
{
    /// <summary>Name of the file at an archive's root.</summary>
    public const string FileName = "idf.json";

    private const float DefaultWeight = 1;

    private readonly Dictionary<string, float> _weights;

    private IdfTable(Dictionary<string, float> weights) => _weights = weights;

    /// <summary>Reads the file beside a <c>tokenizer.json</c>; an absent one has no weights.</summary>
    /// <exception cref="ModelFormatException">It is not an object of numbers.</exception>
    public static IdfTable Beside(string tokenizerFile)
    {
        var path = Path.Combine(Path.GetDirectoryName(tokenizerFile)!, FileName);
        if (!File.Exists(path))
        {
            return new IdfTable([]);
        }

        using var file = File.OpenRead(path);
        return new IdfTable(Read(file));
    }

    /// <summary>The weight of a token's text.</summary>
    public float WeightOf(string word) => _weights.GetValueOrDefault(word, DefaultWeight);

    /// <summary>Reads a table; of two entries with one name the later counts.</summary>
    /// <exception cref="ModelFormatException">It is not an object of numbers.</exception>
    internal static Dictionary<string, float> Read(Stream json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // System.Text.Json's answer to a name that holds half a surrogate pair is the second.
            throw Refuse($"it is not JSON: {e.Message}", e);
        }
    }

    private static Dictionary<string, float> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Refuse("its root is not an object");
        }

        var weights = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var entry in root.EnumerateObject())
        {
            weights[entry.Name] = Number(entry.Value) ?? throw Refuse($"the weight of '{entry.Name}' is not a number");
        }

        return weights;
    }

    private static float? Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) && float.IsFinite(number)
            ? number
            : null;

    private static ModelFormatException Refuse(string reason, Exception? cause = null) => new(
        $"{FileName} is not a table of token weights: {reason}; it must map tokens to numbers", cause);
}
