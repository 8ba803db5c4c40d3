using System.Buffers;
using System.Numerics;
using MlCluster.Inference.Tokenization.Unicode;

namespace MlCluster.Inference.Tokenization.Models;

/// <summary>Unigram: of all ways to cut a word into pieces, the one with the highest sum of scores.</summary>
/// <remarks>
/// Sums are doubles and the first way found wins ties, as in the reference: with single precision, repeated pieces tie
/// differently. Special tokens are pieces like others here.
/// </remarks>
internal sealed class UnigramModel : ITokenModel
{
    // Time grows with the text times the longest piece; published ones have sixteen characters, some a few dozen.
    private const int LongestPiece = 512;

    // Of all pieces together: a tree's node takes some twenty bytes while it is built. XLM-R has 1.4 million.
    private const int MostUnits = 16 << 20;

    private const double UnknownPenalty = 10;
    private const int Unset = -1;
    private const int UnknownCharacter = -2;
    private const int NoUnknownId = -3;

    private readonly PieceTrie _trie;
    private readonly double[] _scores;
    private readonly int[] _lengths;
    private readonly double _unknownScore;
    private readonly int _unknownId;
    private readonly int _windowMask;
    private readonly ByteTokens? _bytes;

    /// <summary>Checks the pieces and builds the model.</summary>
    /// <param name="pieces">Pieces with their scores, by id.</param>
    /// <param name="unknownId">Null: a text with a character that no piece has is an error.</param>
    /// <exception cref="ModelFormatException">The model cannot be served exactly.</exception>
    public UnigramModel(IReadOnlyList<(string Text, double Score)> pieces, int? unknownId, bool byteFallback)
    {
        Refuse.Unless(pieces.Count > 0, $"model.vocab is empty");
        Refuse.Unless(
            unknownId is null || unknownId < pieces.Count,
            $"model.unk_id is {unknownId}, but model.vocab has {pieces.Count} pieces");
        _lengths = [.. pieces.Select(static p => p.Text.Length)];
        Refuse.Unless(
            _lengths.Max() <= LongestPiece,
            $"model.vocab[{_lengths.IndexOf(_lengths.Max())}] is longer than {LongestPiece} characters");
        Refuse.Unless(
            _lengths.Sum(static l => (long)l) <= MostUnits, $"model.vocab holds over {MostUnits} characters");
        _trie = new PieceTrie([.. pieces.Select(static p => p.Text)]);
        _scores = [.. pieces.Select(static p => p.Score)];
        _unknownScore = _scores.Min() - UnknownPenalty;
        _unknownId = unknownId ?? NoUnknownId;
        _windowMask = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(_lengths.Max(), 2) + 1) - 1;
        _bytes = byteFallback ? new ByteTokens(TryGetId) : null;
    }

    /// <inheritdoc/>
    public int VocabularySize => _scores.Length;

    /// <inheritdoc/>
    public bool TryGetId(string token, out int id) => (id = _trie.Find(token)) != PieceTrie.None;

    /// <inheritdoc/>
    /// <exception cref="TextRefusedException">A character is unknown, and there is no id for that.</exception>
    public void Encode(ReadOnlySpan<char> word, List<int> ids, List<Part>? parts = null)
    {
        var rented = ArrayPool<int>.Shared.Rent(word.Length + 1);
        var lastPieces = rented.AsSpan(0, word.Length + 1);
        FindBestPath(word, lastPieces);
        AppendPath(word, lastPieces, ids, parts);
        ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>Tells for each place of a word the last piece of the best way to there.</summary>
    private void FindBestPath(ReadOnlySpan<char> word, Span<int> lastPieces)
    {
        // Sums are wanted no further ahead than the longest piece reaches.
        var path = new Path(lastPieces, stackalloc double[_windowMask + 1], _windowMask);
        for (int at = 0, width; at < word.Length; at += width)
        {
            width = CharacterWidth.At(word, at);
            var isKnown = false;
            var node = PieceTrie.Root;
            for (var end = at; end < word.Length; end++)
            {
                node = _trie.Child(node, word[end]);
                if (node == PieceTrie.None)
                {
                    break;
                }

                if (_trie.IdAt(node) is var id && id != PieceTrie.None)
                {
                    path.Offer(at, end + 1, id, _scores[id]);
                    isKnown |= end + 1 == at + width;
                }
            }

            if (!isKnown && path.Offer(at, at + width, UnknownCharacter, _unknownScore) && _unknownId == NoUnknownId)
            {
                // As the reference does, also where bytes could stand for it or a longer piece would win in the end.
                throw new TextRefusedException(
                    $"the model's tokenizer.json has neither a piece for [{word.Slice(at, width)}] nor an unk_id");
            }
        }
    }

    // Unknown characters in a row, and unknown tokens that the text spells out, are one.
    private void AppendPath(
        ReadOnlySpan<char> word, ReadOnlySpan<int> lastPieces, List<int> ids, List<Part>? parts)
    {
        var (first, firstPart) = (ids.Count, parts?.Count ?? 0);
        for (var end = word.Length; end > 0;)
        {
            var (piece, before) = (lastPieces[end], ids.Count);
            var start = StartOf(word, end, piece);
            while (IsUnknown(piece) && start > 0 && IsUnknown(lastPieces[start]))
            {
                start = StartOf(word, start, lastPieces[start]);
            }

            if (IsUnknown(piece))
            {
                AppendUnknown(word[start..end], ids);
            }
            else
            {
                ids.Add(piece);
            }

            // Bytes of unknown characters all stand for the whole of them.
            parts?.AddRange(Enumerable.Repeat(new Part(start, end), ids.Count - before));
            end = start;
        }

        ids.Reverse(first, ids.Count - first);
        parts?.Reverse(firstPart, parts.Count - firstPart);
    }

    private void AppendUnknown(ReadOnlySpan<char> text, List<int> ids)
    {
        var first = ids.Count;
        if (_trie.Find(text) is var id && id != PieceTrie.None)
        {
            ids.Add(id);
        }
        else if (_bytes is not null && _bytes.TryAppend(text, ids))
        {
            // The whole word is turned round in the end.
            ids.Reverse(first, ids.Count - first);
        }
        else
        {
            ids.Add(_unknownId);
        }
    }

    private bool IsUnknown(int piece) => piece == UnknownCharacter || piece == _unknownId;

    private int StartOf(ReadOnlySpan<char> word, int end, int piece) => piece != UnknownCharacter
        ? end - _lengths[piece]
        : end > 1 && char.IsSurrogatePair(word[end - 2], word[end - 1]) ? end - 2 : end - 1;

    /// <summary>The best ways to the places ahead.</summary>
    private readonly ref struct Path
    {
        private readonly Span<int> _lastPieces;
        private readonly Span<double> _sums;
        private readonly int _mask;

        public Path(Span<int> lastPieces, Span<double> sums, int mask)
        {
            _lastPieces = lastPieces;
            _sums = sums;
            _mask = mask;
            _lastPieces.Fill(Unset);
            _sums[0] = 0;
        }

        /// <summary>Tells whether it is the best way so far.</summary>
        public bool Offer(int start, int end, int piece, double score)
        {
            var sum = score + _sums[start & _mask];
            if (_lastPieces[end] != Unset && sum <= _sums[end & _mask])
            {
                return false;
            }

            _lastPieces[end] = piece;
            _sums[end & _mask] = sum;
            return true;
        }
    }
}
