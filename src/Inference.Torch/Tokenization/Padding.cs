namespace MlCluster.Inference.Tokenization;

/// <summary>How encodings are filled up to one length.</summary>
/// <param name="FixedLength">The length; null: that of the longest.</param>
/// <param name="MultipleOf">Lengths are rounded up to a multiple of this; 0: not.</param>
/// <param name="Direction">The side that is filled.</param>
internal sealed record Padding(int? FixedLength, int MultipleOf, Side Direction, int PadId, int PadTypeId)
{
    /// <summary>Fills encodings and their overflow; what is longer already stays.</summary>
    public IReadOnlyList<TokenEncoding> Apply(IReadOnlyList<TokenEncoding> encodings)
    {
        var length = FixedLength ?? encodings.Max(static e => e.Length);
        if (MultipleOf > 0 && length % MultipleOf > 0)
        {
            length += MultipleOf - length % MultipleOf;
        }

        return [.. encodings.Select(e => Pad(e, length))];
    }

    private TokenEncoding Pad(TokenEncoding encoding, int length)
    {
        var overflow = encoding.Overflow.Select(e => Pad(e, length)).ToList();
        var missing = length - encoding.Length;
        if (missing <= 0)
        {
            return encoding with { Overflow = overflow };
        }

        return new TokenEncoding
        {
            Ids = Fill(encoding.Ids, missing, PadId),
            TypeIds = Fill(encoding.TypeIds, missing, PadTypeId),
            AttentionMask = Fill(encoding.AttentionMask, missing, 0),
            SpecialTokensMask = Fill(encoding.SpecialTokensMask, missing, 1),
            WordIds = Fill(encoding.WordIds, missing, null),
            Offsets = Fill(encoding.Offsets, missing, default),
            Overflow = overflow,
        };
    }

    private T[] Fill<T>(T[] values, int missing, T value)
    {
        var filling = new T[missing];
        Array.Fill(filling, value);
        return Direction == Side.Left ? [.. filling, .. values] : [.. values, .. filling];
    }
}
