using MlCluster.Inference.Tokenization.AddedTokens;

namespace MlCluster.Inference.Tokenization.Json;

/// <summary>Reads <c>added_tokens</c> of a tokenizer.json.</summary>
internal static class AddedTokenReader
{
    // Search time in a text grows with the longest one.
    private const int LongestContent = 1000;

    /// <exception cref="ModelFormatException">A token is broken, or two share an id.</exception>
    public static IReadOnlyList<AddedToken> Read(JsonPart document)
    {
        if (!document.TryGet("added_tokens", out var part))
        {
            return [];
        }

        var tokens = new List<AddedToken>();
        var contents = new Dictionary<int, string>();
        foreach (var item in part.Items())
        {
            var token = ReadOne(item);
            var id = item.Required("id").AsCount();
            Refuse.Unless(
                contents.TryAdd(id, token.Content) || contents[id] == token.Content,
                $"{part.Path}: '{contents[id]}' and '{token.Content}' share the id {id}");
            tokens.Add(token);
        }

        return tokens;
    }

    private static AddedToken ReadOne(JsonPart part)
    {
        var content = part.Required("content").AsString();
        Refuse.Unless(content.Length <= LongestContent, $"{part.Path}.content is over {LongestContent} characters");
        return new AddedToken(
            content,
            part.Required("normalized").AsBoolean(),
            part.Required("single_word").AsBoolean(),
            part.Required("lstrip").AsBoolean(),
            part.Required("rstrip").AsBoolean(),
            part.Required("special").AsBoolean());
    }
}
