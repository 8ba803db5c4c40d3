using System.Buffers.Text;
using System.Globalization;

namespace MlCluster.Node.Gateway.Tensors;

/// <summary>Writes numbers as OpenSearch (Java) prints them; every text reads back as the same number.</summary>
internal static class NumberText
{
    /// <summary>No number's text is longer.</summary>
    public const int MaxBytes = 32;

    // Java prints 1E-3 up to below 1E7 without an exponent.
    private const int MinPlainExponent = -3;
    private const int MaxPlainExponent = 6;

    /// <summary>Writes a float; NaN and the infinities become strings.</summary>
    /// <returns>How many bytes were written.</returns>
    public static int Write(float value, Span<byte> to)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var count = 0;
        if (bits >> 31 != 0 && !float.IsNaN(value))
        {
            to[count++] = (byte)'-';
        }

        bits &= int.MaxValue;
        if (!float.IsFinite(value))
        {
            return WriteSpecial(float.IsNaN(value), count == 1, to);
        }

        var (digits, exponent) = bits == 0 ? (0u, 0) : ShortestFloat.Decimal(bits);
        return count + WriteDigits(digits, exponent, to[count..]);
    }

    /// <summary>Writes a double; NaN and the infinities become strings.</summary>
    public static int Write(double value, Span<byte> to)
    {
        if (!double.IsFinite(value))
        {
            return WriteSpecial(double.IsNaN(value), value < 0, to);
        }

        value.TryFormat(to, out var count, default, CultureInfo.InvariantCulture);
        if (to[..count].IndexOfAny((byte)'.', (byte)'E') < 0)
        {
            ".0"u8.CopyTo(to[count..]);
            count += 2;
        }

        return count;
    }

    /// <summary>Writes a whole number.</summary>
    public static int Write(long value, Span<byte> to)
    {
        Utf8Formatter.TryFormat(value, to, out var count);
        return count;
    }

    private static int WriteSpecial(bool isNaN, bool isNegative, Span<byte> to)
    {
        var text = isNaN ? "\"NaN\""u8 : isNegative ? "\"-Infinity\""u8 : "\"Infinity\""u8;
        text.CopyTo(to);
        return text.Length;
    }

    private static int WriteDigits(uint digits, int exponent, Span<byte> to)
    {
        Span<byte> text = stackalloc byte[10];
        Utf8Formatter.TryFormat(digits, text, out var length);
        text = text[..length];
        var leading = length - 1 + exponent;
        return leading switch
        {
            < MinPlainExponent or > MaxPlainExponent => WriteScientific(text, leading, to),
            < 0 => WriteFraction(text, leading, to),
            _ => WritePlain(text, leading + 1, to),
        };
    }

    private static int WriteFraction(ReadOnlySpan<byte> digits, int leading, Span<byte> to)
    {
        "0.000"u8.CopyTo(to);
        var start = 1 - leading;
        digits.CopyTo(to[start..]);
        return start + digits.Length;
    }

    private static int WritePlain(ReadOnlySpan<byte> digits, int whole, Span<byte> to)
    {
        if (digits.Length <= whole)
        {
            digits.CopyTo(to);
            to[digits.Length..whole].Fill((byte)'0');
            ".0"u8.CopyTo(to[whole..]);
            return whole + 2;
        }

        digits[..whole].CopyTo(to);
        to[whole] = (byte)'.';
        digits[whole..].CopyTo(to[(whole + 1)..]);
        return digits.Length + 1;
    }

    private static int WriteScientific(ReadOnlySpan<byte> digits, int exponent, Span<byte> to)
    {
        var count = WritePlain(digits, 1, to);
        to[count++] = (byte)'E';
        Utf8Formatter.TryFormat(exponent, to[count..], out var written);
        return count + written;
    }
}
