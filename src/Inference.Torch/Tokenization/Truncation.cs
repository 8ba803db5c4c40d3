namespace MlCluster.Inference.Tokenization;

/// <summary>Which sequence of a pair gives way.</summary>
internal enum TruncationStrategy
{
    LongestFirst,
    OnlyFirst,
    OnlySecond,
}

/// <summary>A side of a text.</summary>
internal enum Side
{
    Left,
    Right,
}

/// <summary>How a text is cut to length.</summary>
/// <param name="MaxLength">Most tokens, special ones included.</param>
/// <param name="Stride">Tokens that a chunk shares with the one before.</param>
/// <param name="Direction">The side that is cut off.</param>
internal sealed record Truncation(int MaxLength, int Stride, TruncationStrategy Strategy, Side Direction)
{
    /// <summary>Tokens that each sequence keeps under a budget; a sequence that is not cut keeps its length.</summary>
    /// <exception cref="InferenceException">The sequence to cut is too short, or absent.</exception>
    public (int First, int Second) Share(int first, int? second, int budget)
    {
        var total = first + (second ?? 0);
        if (budget <= 0)
        {
            return (0, 0);
        }

        if (total <= budget)
        {
            return (first, second ?? 0);
        }

        return Strategy switch
        {
            TruncationStrategy.OnlyFirst => (Shorten(first, total - budget), second ?? 0),
            TruncationStrategy.OnlySecond => (first, Shorten(second, total - budget)),
            _ => second is null ? (budget, 0) : ShareLongestFirst(first, second.Value, budget),
        };
    }

    /// <summary>Ranges of a sequence's tokens: what is kept, then the overflow with its stride.</summary>
    /// <exception cref="InferenceException">A chunk would hold nothing new.</exception>
    public IReadOnlyList<Range> Chunks(int length, int kept)
    {
        if (kept >= length)
        {
            return [Range.All];
        }

        if (kept == 0)
        {
            return [0..0, Range.All];
        }

        if (Stride >= kept)
        {
            throw new InferenceException(
                $"the tokenizer's stride {Stride} leaves nothing new in chunks of {kept} tokens");
        }

        return Direction == Side.Right ? ChunksFromLeft(length, kept) : ChunksFromRight(length, kept);
    }

    /// <summary>The range of a sequence's tokens that is kept.</summary>
    public Range Kept(int length, int kept) =>
        kept >= length ? Range.All : Direction == Side.Right ? ..kept : (length - kept)..length;

    private static int Shorten(int? length, int excess) => length > excess
        ? length.Value - excess
        : throw new InferenceException(
            "the text that may be truncated is too short to keep to the tokenizer's max_length");

    private static (int First, int Second) ShareLongestFirst(int first, int second, int budget)
    {
        var shorter = Math.Min(first, second);
        var longer = shorter > budget ? shorter : Math.Max(shorter, budget - shorter);
        if (shorter + longer > budget)
        {
            shorter = budget / 2;
            longer = shorter + budget % 2;
        }

        return first > second ? (longer, shorter) : (shorter, longer);
    }

    private List<Range> ChunksFromLeft(int length, int kept)
    {
        var chunks = new List<Range>();
        for (var start = 0; ; start += kept - Stride)
        {
            var end = Math.Min(start + kept, length);
            chunks.Add(start..end);
            if (end == length)
            {
                return chunks;
            }
        }
    }

    private List<Range> ChunksFromRight(int length, int kept)
    {
        var chunks = new List<Range>();
        for (var end = length; ; end -= kept - Stride)
        {
            var start = Math.Max(end - kept, 0);
            chunks.Add(start..end);
            if (start == 0)
            {
                return chunks;
            }
        }
    }
}
