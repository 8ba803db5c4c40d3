using MlCluster.Inference.Batching;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Functions;

/// <summary>A function over pairs: the query first, then the document, the longer one cut first.</summary>
/// <param name="encoder">The tokenizer with the length of a pair.</param>
/// <param name="withTypes">True: the model takes <c>token_type_ids</c>.</param>
internal abstract class PairFunction(TokenizerEncoder encoder, bool withTypes) : ModelFunction(encoder)
{
    // Of the plain tokens of a rehearsal's row, the share that is the query.
    private const int QueryShare = 3;

    /// <summary>The tokenizer.</summary>
    protected HuggingFaceTokenizer Tokenizer { get; } = encoder.Tokenizer;

    /// <inheritdoc/>
    public override IReadOnlyList<TokenRow> Encode(PreparedInput input, int index, TextDeadline deadline) =>
        [RowOf(input.QueryIds(Tokenizer.TextIds, deadline), Tokenizer.TextIds(input.Texts[index], deadline))];

    /// <inheritdoc/>
    /// <remarks>The special tokens of a single text, at both ends, are left out and those of a pair put in.</remarks>
    public override TokenRow Row(int[] ids)
    {
        var plain = ids.AsSpan(Math.Min(1, ids.Length))[..Math.Max(0, ids.Length - Tokenizer.PairSpecialTokenCount)];
        var first = plain.Length / QueryShare;
        return RowOf(plain[..first], plain[first..]);
    }

    private TokenRow RowOf(ReadOnlySpan<int> query, ReadOnlySpan<int> document)
    {
        var pair = Tokenizer.EncodePair(query, document, Encoder.MaxLength);
        return new TokenRow(pair.Ids)
        {
            Columns = withTypes ? [new TokenColumn(pair.TypeIds, Tokenizer.PadTypeId)] : [],
        };
    }
}
