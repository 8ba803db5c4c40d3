using System.Runtime.InteropServices;

namespace MlCluster.Inference.Tokenization.PostProcessing;

/// <summary>The tokens of one text before special tokens.</summary>
/// <param name="Words">Index of each token's word.</param>
/// <param name="Places">Where each token stands in the text.</param>
internal sealed record TokenSequence(int[] Ids, int[] Words, TokenPlace[] Places);

/// <summary>Puts texts and special tokens together.</summary>
internal static class EncodingBuilder
{
    /// <summary>Builds one encoding of parts of the texts.</summary>
    /// <param name="first">The first text and the part of it to take.</param>
    /// <param name="second">The second text and the part of it; null for a single text.</param>
    public static TokenEncoding Build(
        Template template, SequencePart first, SequencePart? second, bool addSpecialTokens)
    {
        var overflowTakesTypes = template.OverflowTakesTypes && addSpecialTokens;
        var tokens = new List<Token>();
        foreach (var piece in second is null ? template.Single : template.Pair)
        {
            if (piece.SpecialIds is null)
            {
                var part = piece.IsSecond ? second! : first;
                var takesType = !part.IsOverflow || overflowTakesTypes;
                Add(part, takesType ? piece.TypeId : piece.IsSecond ? 1 : 0, template.Trimming, tokens);
            }
            else if (addSpecialTokens)
            {
                tokens.AddRange(piece.SpecialIds.Select(id => new Token(id, piece.TypeId, Word: null, default)));
            }
        }

        return ToEncoding(tokens);
    }

    private static void Add(SequencePart part, int typeId, OffsetTrimming? trimming, List<Token> output)
    {
        var (start, count) = part.Range.GetOffsetAndLength(part.Sequence.Ids.Length);
        for (var i = start; i < start + count; i++)
        {
            var place = part.Sequence.Places[i];
            var offsets = trimming is null ? place.Range : trimming.Apply(place, isFirst: i == start);
            output.Add(new Token(part.Sequence.Ids[i], typeId, part.Sequence.Words[i], offsets));
        }
    }

    private static TokenEncoding ToEncoding(List<Token> tokens)
    {
        var ones = new int[tokens.Count];
        Array.Fill(ones, 1);
        return new TokenEncoding
        {
            Ids = [.. tokens.Select(static t => t.Id)],
            TypeIds = [.. tokens.Select(static t => t.TypeId)],
            AttentionMask = ones,
            SpecialTokensMask = [.. tokens.Select(static t => t.Word is null ? 1 : 0)],
            WordIds = [.. tokens.Select(static t => t.Word)],
            Offsets = [.. tokens.Select(static t => t.Offsets)],
        };
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Token(int Id, int TypeId, int? Word, TextRange Offsets);
}

/// <summary>A range of a text's tokens.</summary>
/// <param name="IsOverflow">True for a chunk that truncation cut off.</param>
internal sealed record SequencePart(TokenSequence Sequence, Range Range, bool IsOverflow);
