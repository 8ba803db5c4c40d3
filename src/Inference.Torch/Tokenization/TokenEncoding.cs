using System.Runtime.InteropServices;

namespace MlCluster.Inference.Tokenization;

/// <summary>A text, or a pair of texts, as a model wants it; all arrays have one entry a token.</summary>
public sealed record TokenEncoding
{
    /// <summary>Vocabulary ids, special tokens included.</summary>
    public required int[] Ids { get; init; }

    /// <summary>Segment of each token: 0 or 1.</summary>
    public required int[] TypeIds { get; init; }

    /// <summary>1 for tokens, 0 for padding.</summary>
    public required int[] AttentionMask { get; init; }

    /// <summary>1 for tokens that the text does not hold, such as padding and separators.</summary>
    public required int[] SpecialTokensMask { get; init; }

    /// <summary>Index of the token's word, counted from 0 in each text; null for tokens that are in no text.</summary>
    public required int?[] WordIds { get; init; }

    /// <summary>Where each token stands in its text, in code points; tokens that are in no text: 0 to 0.</summary>
    public required TextRange[] Offsets { get; init; }

    /// <summary>What truncation cut off, in chunks that are encodings themselves; empty unless asked for.</summary>
    public IReadOnlyList<TokenEncoding> Overflow { get; init; } = [];

    /// <summary>Tokens, padding included.</summary>
    public int Length => Ids.Length;
}

/// <summary>A range of a text, in Unicode code points.</summary>
/// <param name="Start">The first one.</param>
/// <param name="End">The one after the last.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TextRange(int Start, int End);
