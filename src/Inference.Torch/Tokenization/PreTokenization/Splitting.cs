namespace MlCluster.Inference.Tokenization.PreTokenization;

/// <summary>Where a match goes when text is split at it.</summary>
internal enum SplitBehavior
{
    Removed,
    Isolated,
    Contiguous,
    MergedWithPrevious,
    MergedWithNext,
}

/// <summary>A range of the text: a match of the pattern, or what lies between two.</summary>
internal readonly record struct SplitPart(int Start, int End, bool IsMatch);

/// <summary>Arranges matches and the text between them into words.</summary>
internal static class Splitting
{
    /// <summary>Joins or drops parts; some may come out empty.</summary>
    public static List<SplitPart> Arrange(List<SplitPart> parts, SplitBehavior behavior) => behavior switch
    {
        SplitBehavior.Isolated => parts,
        SplitBehavior.Removed => parts.FindAll(static p => !p.IsMatch),
        SplitBehavior.Contiguous => Join(parts, static (last, next) => last.IsMatch == next.IsMatch),
        SplitBehavior.MergedWithPrevious => Join(parts, static (last, next) => next.IsMatch && !last.IsMatch),
        SplitBehavior.MergedWithNext => JoinBackwards(parts),
        _ => throw new ArgumentOutOfRangeException(nameof(behavior), behavior, message: null),
    };

    // The mark of the later part stays, so that a joined match takes no second one.
    private static List<SplitPart> Join(List<SplitPart> parts, Func<SplitPart, SplitPart, bool> belongsTo)
    {
        var joined = new List<SplitPart>(parts.Count);
        foreach (var part in parts)
        {
            if (joined.Count > 0 && belongsTo(joined[^1], part))
            {
                joined[^1] = part with { Start = joined[^1].Start };
            }
            else
            {
                joined.Add(part);
            }
        }

        return joined;
    }

    private static List<SplitPart> JoinBackwards(List<SplitPart> parts)
    {
        var joined = new List<SplitPart>(parts.Count);
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            if (joined.Count > 0 && parts[i].IsMatch && !joined[^1].IsMatch)
            {
                joined[^1] = parts[i] with { End = joined[^1].End };
            }
            else
            {
                joined.Add(parts[i]);
            }
        }

        joined.Reverse();
        return joined;
    }
}
