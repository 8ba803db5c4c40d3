using System.Text.Json;

namespace MlCluster.Inference.Tokenization.Json;

/// <summary>Reads a vocabulary of tokens with their ids.</summary>
internal static class VocabularyReader
{
    /// <exception cref="ModelFormatException">It is broken, or two tokens share an id.</exception>
    public static Dictionary<string, int> Read(JsonPart part)
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
