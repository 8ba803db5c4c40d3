using System.Runtime.InteropServices;
using MlCluster.Inference.Tokenization.Unicode;

namespace MlCluster.Inference.Tokenization.Models;

/// <summary>What a BPE model says beside its vocabulary and merges.</summary>
internal sealed record BpeOptions
{
    /// <summary>Stands for a character that the vocabulary lacks; null: such a character gives nothing.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>What symbols after a word's first begin with.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>What a word's last symbol ends with.</summary>
    public string Suffix { get; init; } = "";

    /// <summary>Unknown characters in a row give one token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Unknown characters give their UTF-8 bytes where the vocabulary has all of them.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>A word that is an entry itself is not cut.</summary>
    public bool IgnoreMerges { get; init; }
}

/// <summary>Byte pair encoding: a word's characters, merged by rank.</summary>
internal sealed class BpeModel : ITokenModel
{
    private readonly BpeOptions _options;
    private readonly Dictionary<string, int> _vocabulary;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly MergeTable _merges;
    private readonly int? _unknownId;
    private readonly ByteTokens? _bytes;
    private readonly BpeMeasure _measure;
    private readonly WordCache _cache = new();

    /// <summary>Checks the model and builds it.</summary>
    /// <param name="vocabulary">Ids, each of one token and none negative, by token.</param>
    /// <exception cref="ModelFormatException">A part of the model is not in its vocabulary.</exception>
    public BpeModel(
        Dictionary<string, int> vocabulary, IReadOnlyList<(string Left, string Right)> merges, BpeOptions options)
    {
        _options = options;
        _vocabulary = vocabulary;
        _bySpan = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _merges = new MergeTable(merges, vocabulary, options.Prefix);
        if (options.UnknownToken is { } unknown)
        {
            Refuse.Unless(
                vocabulary.TryGetValue(unknown, out var id),
                $"model.vocab does not hold the unknown token '{unknown}'");
            _unknownId = id;
        }

        _bytes = options.ByteFallback ? new ByteTokens(TryGetId) : null;
        _measure = new BpeMeasure(vocabulary, options, _unknownId, _bytes);
    }

    /// <inheritdoc/>
    public int VocabularySize => _vocabulary.Count;

    /// <inheritdoc/>
    public bool MayGiveNothing => _unknownId is null;

    /// <inheritdoc/>
    public bool TryGetId(string token, out int id) => _vocabulary.TryGetValue(token, out id);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> word, List<int> ids, List<Part>? parts = null)
    {
        var first = ids.Count;
        EncodeIds(word, ids);
        if (parts is not null)
        {
            _measure.AppendParts(word, CollectionsMarshal.AsSpan(ids)[first..], parts);
        }
    }

    private void EncodeIds(ReadOnlySpan<char> word, List<int> ids)
    {
        if (_options.IgnoreMerges && _bySpan.TryGetValue(word, out var whole))
        {
            ids.Add(whole);
        }
        else if (word.Length > WordCache.LongestWord)
        {
            Cut(word, ids);
        }
        else if (!_cache.TryAppend(word, ids))
        {
            var first = ids.Count;
            Cut(word, ids);
            _cache.Put(word, CollectionsMarshal.AsSpan(ids)[first..]);
        }
    }

    private void Cut(ReadOnlySpan<char> word, List<int> ids)
    {
        var first = ids.Count;
        AppendSymbols(word, ids);
        var left = SymbolMerging.Apply(_merges, CollectionsMarshal.AsSpan(ids)[first..]);
        CollectionsMarshal.SetCount(ids, first + left);
    }

    // An unknown character waits for what follows, as more may fuse with it. The reference lets a character's bytes
    // pass before the one that waits.
    private void AppendSymbols(ReadOnlySpan<char> word, List<int> ids)
    {
        var unknownWaits = false;
        for (int at = 0, width; at < word.Length; at += width)
        {
            width = CharacterWidth.At(word, at);
            if (TryFindSymbol(word, at, width, out var id))
            {
                AppendUnknown(unknownWaits, ids);
                unknownWaits = false;
                ids.Add(id);
            }
            else if (!TryAppendBytes(word, at, width, ids))
            {
                AppendUnknown(unknownWaits && !_options.FuseUnknown, ids);
                unknownWaits = true;
            }
        }

        AppendUnknown(unknownWaits, ids);
    }

    private void AppendUnknown(bool isDue, List<int> ids)
    {
        if (isDue && _unknownId is { } id)
        {
            ids.Add(id);
        }
    }

    private bool TryFindSymbol(ReadOnlySpan<char> word, int at, int width, out int id) =>
        Affixed(word, at, width) is { } affixed
            ? _vocabulary.TryGetValue(affixed, out id)
            : _bySpan.TryGetValue(word.Slice(at, width), out id);

    private bool TryAppendBytes(ReadOnlySpan<char> word, int at, int width, List<int> ids) =>
        _bytes is not null && _bytes.TryAppend(Affixed(word, at, width) ?? word.Slice(at, width), ids);

    // A character with the prefix and suffix due at its place; null: neither is, which byte-level models always say.
    private string? Affixed(ReadOnlySpan<char> word, int at, int width)
    {
        var prefix = at > 0 ? _options.Prefix : "";
        var suffix = at + width == word.Length ? _options.Suffix : "";
        return prefix.Length + suffix.Length == 0 ? null : string.Concat(prefix, word.Slice(at, width), suffix);
    }
}
