using System.Text;
using Microsoft.ML.Tokenizers;

namespace MlCluster.Inference.Tokenization.Models;

/// <summary>WordPiece: the longest vocabulary entry from the left, again and again; any failure makes one unknown.</summary>
/// <remarks>
/// A word that is an entry itself needs one look-up, which answers four words of five. The rest goes word by word
/// through the package's model, which is exact once normalizer, pre-tokenizer and added tokens are ours; word by word,
/// because its own walk over a text tells no word ids. It reads its vocabulary as lines, so a line break in an entry
/// is refused here, and it counts UTF-16 units, so the limit on a word's length is applied here.
/// </remarks>
internal sealed class WordPieceModel : ITokenModel
{
    // Work grows with the square of a word's length; models in use have 100.
    private const int LongestLimit = 1000;

    // The package's vocabulary has a line for every id, so a huge id alone could fill memory.
    private const int IdLimit = 10_000_000;

    private readonly Dictionary<string, int> _vocabulary;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly WordPieceTokenizer _pieces;
    private readonly int _unknownId;
    private readonly int _maxWordScalars;

    /// <summary>Checks the vocabulary and builds the model.</summary>
    /// <exception cref="ModelFormatException">The model cannot be served exactly.</exception>
    public WordPieceModel(Dictionary<string, int> vocabulary, string unknownToken, string prefix, int maxWordScalars)
    {
        _vocabulary = vocabulary;
        _bySpan = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _maxWordScalars = maxWordScalars;
        Refuse.Unless(
            maxWordScalars is > 0 and <= LongestLimit,
            $"model.max_input_chars_per_word is {maxWordScalars}, not between 1 and {LongestLimit}");
        Refuse.Unless(
            vocabulary.TryGetValue(unknownToken, out _unknownId),
            $"model.vocab does not hold the unknown token '{unknownToken}'");
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
    public void Encode(ReadOnlySpan<char> word, List<int> ids)
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
        var lines = new string[LargestIdOf(vocabulary) + 1];
        foreach (var (token, id) in vocabulary)
        {
            Refuse.Unless(token.AsSpan().IndexOfAny('\r', '\n') < 0, $"model.vocab: token {id} holds a line break");
            Refuse.Unless(lines[id] is null, $"model.vocab: '{lines[id]}' and '{token}' share the id {id}");
            lines[id] = token;
        }

        // The empty first preamble keeps the reader from taking a token's own U+FEFF for one.
        return new MemoryStream([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(string.Join('\n', lines))]);
    }

    private static int LargestIdOf(Dictionary<string, int> vocabulary)
    {
        var (least, largest) = (vocabulary.Values.Min(), vocabulary.Values.Max());
        Refuse.Unless(least >= 0, $"model.vocab holds the negative id {least}");
        Refuse.Unless(largest <= IdLimit, $"model.vocab holds the id {largest}, above {IdLimit}");
        return largest;
    }
}
