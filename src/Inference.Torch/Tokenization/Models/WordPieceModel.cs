using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace MlCluster.Inference.Tokenization.Models;

/// <summary>
/// WordPiece: the longest vocabulary entry from the left, again and again; any failure makes one unknown.
/// </summary>
/// <remarks>
/// Most words are entries themselves and need one look-up. The rest goes through Microsoft.ML.Tokenizers word by word:
/// its own walk over a text finds other words than the reference, tells no word ids, and goes on past the tokens that
/// are wanted. Over a word it is exact, but it counts UTF-16 units where the reference counts code points, so the limit
/// on a word's length is applied here, and it reads its vocabulary as lines, so an entry with a line break is refused.
/// </remarks>
internal sealed class WordPieceModel : ITokenModel
{
    // The package's time for a word grows with the cube of its length: tenths of a millisecond at 100 characters,
    // tenths of a second at 1,000, and a text may bring such a word for every token wanted. Published models have 100
    // or 200.
    private const int LongestLimit = 200;

    // The package's vocabulary has a line for every id, so a huge id alone could fill memory.
    private const int IdLimit = 10_000_000;

    private readonly Dictionary<string, int> _vocabulary;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly WordPieceTokenizer _pieces;
    private readonly Dictionary<int, int> _lengths;
    private readonly int _prefixLength;
    private readonly int _unknownId;
    private readonly int _maxWordScalars;

    /// <summary>Checks the vocabulary and builds the model.</summary>
    /// <param name="vocabulary">Ids, each of one token and none negative, by token.</param>
    /// <exception cref="ModelFormatException">The model cannot be served exactly.</exception>
    public WordPieceModel(Dictionary<string, int> vocabulary, string unknownToken, string prefix, int maxWordScalars)
    {
        Refuse.Unless(
            maxWordScalars is > 0 and <= LongestLimit,
            $"model.max_input_chars_per_word is {maxWordScalars}, not between 1 and {LongestLimit}");
        Refuse.Unless(unknownToken.Length > 0, $"model.unk_token is empty");
        Refuse.Unless(
            vocabulary.TryGetValue(unknownToken, out _unknownId),
            $"model.vocab does not hold the unknown token '{unknownToken}'");
        _vocabulary = vocabulary;
        _bySpan = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _lengths = vocabulary.ToDictionary(static e => e.Value, static e => e.Key.Length);
        _prefixLength = prefix.Length;
        _maxWordScalars = maxWordScalars;
        _pieces = WordPieceTokenizer.Create(LinesOf(vocabulary), new WordPieceOptions
        {
            UnknownToken = unknownToken,
            ContinuingSubwordPrefix = prefix,
            MaxInputCharsPerWord = 2 * maxWordScalars,
        });
    }

    /// <inheritdoc/>
    public int VocabularySize => _vocabulary.Count;

    /// <inheritdoc/>
    public bool TryGetId(string token, out int id) => _vocabulary.TryGetValue(token, out id);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> word, List<int> ids, List<Part>? parts = null)
    {
        var first = ids.Count;
        Cut(word, ids);
        if (parts is not null)
        {
            AppendParts(word, CollectionsMarshal.AsSpan(ids)[first..], parts);
        }
    }

    private void Cut(ReadOnlySpan<char> word, List<int> ids)
    {
        if (IsTooLong(word))
        {
            ids.Add(_unknownId);
        }
        else if (_bySpan.TryGetValue(word, out var id))
        {
            ids.Add(id);
        }
        else
        {
            ids.AddRange(_pieces.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false));
        }
    }

    // One token, which may be the unknown one, is all of the word.
    private void AppendParts(ReadOnlySpan<char> word, ReadOnlySpan<int> ids, List<Part> parts)
    {
        var start = 0;
        foreach (var id in ids)
        {
            var end = ids.Length == 1 ? word.Length : start + _lengths[id] - (start > 0 ? _prefixLength : 0);
            parts.Add(new Part(start, end));
            start = end;
        }
    }

    private bool IsTooLong(ReadOnlySpan<char> word)
    {
        if (word.Length <= _maxWordScalars)
        {
            return false;
        }

        var scalars = 0;
        foreach (var unit in word)
        {
            scalars += char.IsLowSurrogate(unit) ? 0 : 1;
        }

        return scalars > _maxWordScalars;
    }

    private static MemoryStream LinesOf(Dictionary<string, int> vocabulary)
    {
        var largest = vocabulary.Values.Max();
        Refuse.Unless(largest <= IdLimit, $"model.vocab holds the id {largest}, above {IdLimit}");
        var lines = new string[largest + 1];
        foreach (var (token, id) in vocabulary)
        {
            Refuse.Unless(token.AsSpan().IndexOfAny('\r', '\n') < 0, $"model.vocab: token {id} holds a line break");
            lines[id] = token;
        }

        // The empty first preamble keeps the reader from taking a token's own U+FEFF for one.
        return new MemoryStream([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(string.Join('\n', lines))]);
    }
}
