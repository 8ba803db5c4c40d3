using System.Text.Json;
using MlCluster.Inference.Tokenization.Models;

namespace MlCluster.Inference.Tokenization.Json;

/// <summary>Reads the <c>model</c> of a tokenizer.json.</summary>
internal static class ModelReader
{
    /// <exception cref="ModelFormatException">The model is of an unsupported type or broken.</exception>
    public static ITokenModel Read(JsonPart part) => TypeOf(part) switch
    {
        "WordPiece" => ReadWordPiece(part),
        var type => throw Refuse.Because($"model has the unsupported type '{type}'"),
    };

    // Old files say no type; their members tell.
    private static string TypeOf(JsonPart part) =>
        part.TryGet("type", out var type) ? type.AsString()
        : part.TryGet("merges", out _) ? "BPE"
        : part.Required("vocab").Value.ValueKind == JsonValueKind.Array ? "Unigram"
        : "WordPiece";

    private static WordPieceModel ReadWordPiece(JsonPart part) => new(
        ReadVocabulary(part.Required("vocab")),
        part.Required("unk_token").AsString(),
        part.Required("continuing_subword_prefix").AsString(),
        part.Required("max_input_chars_per_word").AsCount());

    private static Dictionary<string, int> ReadVocabulary(JsonPart part)
    {
        Refuse.Unless(part.Value.ValueKind == JsonValueKind.Object, $"{part.Path} is not an object");
        var size = part.Value.GetPropertyCount();
        var vocabulary = new Dictionary<string, int>(size, StringComparer.Ordinal);
        var tokens = new Dictionary<int, string>(size);
        foreach (var entry in part.Value.EnumerateObject())
        {
            var token = entry.Name;
            var id = ReadId(entry.Value, token, part.Path);
            Refuse.Unless(
                tokens.TryAdd(id, token), $"{part.Path}: '{tokens[id]}' and '{token}' share the id {id}");
            vocabulary[token] = id;
        }

        return vocabulary;
    }

    private static int ReadId(JsonElement value, string token, string path)
    {
        var id = -1;
        Refuse.Unless(
            value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out id) && id >= 0,
            $"{path}: the id of '{token}' is not a whole number");
        return id;
    }
}
