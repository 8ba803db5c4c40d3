using System.Text.Json;
using MlCluster.Inference.Tokenization.AddedTokens;

namespace MlCluster.Inference.Tokenization.Json;

/// <summary>Reads the texts of all tokens out of a tokenizer.json whose model was read before.</summary>
internal static class TokenTableReader
{
    // As for the vocabulary of WordPiece: a huge id alone must not fill memory.
    private const int IdLimit = 10_000_000;

    /// <param name="texts">Not <see cref="TokenTexts.None"/>.</param>
    /// <exception cref="ModelFormatException">Its decoder is asked for and not known, or an id is too
    /// large.</exception>
    public static TokenTable Read(
        JsonPart document, IReadOnlyList<AddedToken> added, AddedVocabulary vocabulary, TokenTexts texts)
    {
        var byId = Vocabulary(document.Required("model").Required("vocab"));
        var special = new HashSet<int>();
        foreach (var token in added.Where(static t => t.Content.Length > 0))
        {
            var id = vocabulary.Ids[token.Content];
            byId[id] = token.Content;
            if (token.Special)
            {
                special.Add(id);
            }
        }

        var largest = byId.Count == 0 ? -1 : byId.Keys.Max();
        Refuse.Unless(largest <= IdLimit, $"a token has the id {largest}, above {IdLimit}");
        var tokens = new string?[largest + 1];
        foreach (var (id, token) in byId)
        {
            tokens[id] = token;
        }

        return new TokenTable(tokens, special, texts == TokenTexts.Decoded ? Decoder(document) : null);
    }

    // WordPiece and BPE map tokens to ids, Unigram lists pieces with their scores.
    private static Dictionary<int, string> Vocabulary(JsonPart part) =>
        part.Value.ValueKind == JsonValueKind.Object
            ? part.Value.EnumerateObject().ToDictionary(static e => e.Value.GetInt32(), static e => e.Name)
            : part.Value.EnumerateArray().Index().ToDictionary(static p => p.Index, static p => p.Item[0].GetString()!);

    private static TokenDecoder Decoder(JsonPart document)
    {
        if (!document.TryGet("decoder", out var part))
        {
            return TokenDecoder.AsItIs;
        }

        return part.Type switch
        {
            "WordPiece" => TokenDecoder.AsItIs,
            "ByteLevel" => TokenDecoder.ByteLevel,
            "Metaspace" when part.TryGet("prepend_scheme", out var scheme) && scheme.AsString() == "never" =>
                TokenDecoder.MetaspaceKept,
            "Metaspace" => TokenDecoder.Metaspace,
            _ => throw part.UnknownType(),
        };
    }
}
