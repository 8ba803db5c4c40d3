using MlCluster.Inference.Tokenization.Models;
using MlCluster.Inference.Tokenization.Normalization;

namespace MlCluster.Inference.Tokenization.AddedTokens;

/// <summary>The added tokens of a tokenizer.json with the ids they really get.</summary>
internal sealed class AddedVocabulary
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private int _nextFree;

    /// <summary>Gives ids and prepares the search in raw and in normalized text.</summary>
    /// <exception cref="ModelFormatException">A token vanishes when normalized.</exception>
    public AddedVocabulary(IReadOnlyList<AddedToken> tokens, ITokenModel model, INormalizer? normalizer)
    {
        _nextFree = model.VocabularySize;
        var byId = new Dictionary<int, AddedToken>();
        foreach (var token in tokens.Where(static t => t.Content.Length > 0))
        {
            var id = _ids[token.Content] = IdOf(token.Content, model);
            _nextFree = Math.Max(_nextFree, id + 1);
            byId[id] = token;
        }

        // The reference looks for special tokens first; it matters where two share a text after normalizing.
        var ordered = byId.Select(static t => new AddedTokenId(t.Value, t.Key)).OrderByDescending(t => t.Token.Special);
        var byPhase = ordered.ToLookup(static t => t.Token.Normalized);
        Raw = SetOf(byPhase[false].Select(static t => (t.Token.Content, t)));
        Normalized = SetOf(byPhase[true].Select(t => (Normalize(t.Token.Content, normalizer), t)));
    }

    /// <summary>Tokens to find before normalizing; null: none.</summary>
    public AddedTokenSet? Raw { get; }

    /// <summary>Tokens to find after normalizing; null: none.</summary>
    public AddedTokenSet? Normalized { get; }

    /// <summary>Ids by content.</summary>
    public IReadOnlyDictionary<string, int> Ids => _ids;

    // The id in the file is not trusted: the model's own wins, else the next free one after all others.
    private int IdOf(string content, ITokenModel model) =>
        _ids.TryGetValue(content, out var id) || model.TryGetId(content, out id) ? id : _nextFree;

    private static AddedTokenSet? SetOf(IEnumerable<(string Text, AddedTokenId Token)> tokens)
    {
        var list = tokens.ToList();
        return list.Count == 0 ? null : new AddedTokenSet(list);
    }

    private static string Normalize(string content, INormalizer? normalizer)
    {
        if (normalizer is null)
        {
            return content;
        }

        var buffer = new CharBuffer();
        normalizer.Normalize(content, buffer);
        return buffer.Length > 0
            ? buffer.Span.ToString()
            : throw new ModelFormatException($"tokenizer.json: the added token '{content}' is empty once normalized");
    }
}
