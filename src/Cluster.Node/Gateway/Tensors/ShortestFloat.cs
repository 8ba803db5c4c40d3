using System.Numerics;

namespace MlCluster.Node.Gateway.Tensors;

/// <summary>The shortest decimal digits that read back as the same float.</summary>
/// <remarks>
/// Giulietti's Schubfach method: one table of powers of ten and three multiplications find the digits, an order of
/// magnitude faster than the platform's formatter. Checked against it by tests over all exponents.
/// </remarks>
internal static class ShortestFloat
{
    private const int SignificandBits = 23;
    private const uint HiddenBit = 1u << SignificandBits;
    private const int ExponentBias = 127 + SignificandBits;
    private const int MinPower = -31;
    private const int MaxPower = 45;
    private static readonly ulong[] PowersOfTen =
        [.. Enumerable.Range(MinPower, MaxPower - MinPower + 1).Select(ScaledPower)];

    /// <summary>Digits and exponent of a finite, positive float: the value is <c>digits · 10^exponent</c>.</summary>
    /// <param name="bits">IEEE bits without the sign.</param>
    public static (uint Digits, int Exponent) Decimal(uint bits)
    {
        var fraction = bits & (HiddenBit - 1);
        var biased = (int)(bits >> SignificandBits);
        var significand = biased == 0 ? fraction : fraction | HiddenBit;
        var exponent = (biased == 0 ? 1 : biased) - ExponentBias;
        var (digits, power) = IsSmallInteger(significand, exponent)
            ? (significand >> -exponent, 0)
            : Search(significand, exponent, lowerIsCloser: fraction == 0 && biased > 1);
        return WithoutZeros(digits, power);
    }

    private static bool IsSmallInteger(uint significand, int exponent) =>
        exponent is <= 0 and > -SignificandBits - 1 && BitOperations.TrailingZeroCount(significand) >= -exponent;

    // All bounds are scaled by 4, so that the halves and quarters of the rounding interval are whole numbers.
    private static (uint Digits, int Exponent) Search(uint significand, int exponent, bool lowerIsCloser)
    {
        var excluded = significand & 1; // an odd significand does not own the ends of its interval
        var power = FloorLog10Pow2(exponent, lowerIsCloser);
        var shift = exponent + FloorLog2Pow10(-power) + 1;
        var scale = PowersOfTen[-power - MinPower];
        var value = Multiply(scale, (4 * significand) << shift);
        var lower = Multiply(scale, ((4 * significand) - (lowerIsCloser ? 1u : 2u)) << shift) + excluded;
        var upper = Multiply(scale, ((4 * significand) + 2) << shift) - excluded;

        var digits = value / 4;
        if (digits >= 10 && InInterval(digits / 10, 40, lower, upper) is { } shorter)
        {
            return (shorter, power + 1);
        }

        return (InInterval(digits, 4, lower, upper) ?? Nearest(value, digits), power);
    }

    /// <summary>The one of two neighbours that lies inside; null when both or none do.</summary>
    private static uint? InInterval(uint digits, uint unit, uint lower, uint upper)
    {
        var below = lower <= unit * digits;
        var above = (unit * digits) + unit <= upper;
        return below == above ? null : digits + (above ? 1u : 0u);
    }

    private static uint Nearest(uint value, uint digits)
    {
        var middle = (4 * digits) + 2;
        return value > middle || (value == middle && (digits & 1) != 0) ? digits + 1 : digits;
    }

    /// <summary>The upper 32 bits of the product, the last of them set when anything was cut off.</summary>
    private static uint Multiply(ulong scale, uint factor)
    {
        var low = (scale & uint.MaxValue) * factor;
        var high = ((scale >> 32) * factor) + (low >> 32);
        return (uint)(high >> 32) | ((uint)high > 1 ? 1u : 0u);
    }

    private static (uint Digits, int Exponent) WithoutZeros(uint digits, int exponent)
    {
        while (digits >= 10 && digits % 10 == 0)
        {
            (digits, exponent) = (digits / 10, exponent + 1);
        }

        return (digits, exponent);
    }

    // Fixed-point logarithms, exact over the exponents of a float; 524031 / 2^22 is log10(4/3).
    private static int FloorLog10Pow2(int exponent, bool threeQuarters) =>
        ((exponent * 1262611) - (threeQuarters ? 524031 : 0)) >> 22;

    private static int FloorLog2Pow10(int exponent) => (exponent * 1741647) >> 19;

    /// <summary>10^power scaled to 64 bits, rounded up.</summary>
    private static ulong ScaledPower(int power)
    {
        var shift = 63 - FloorLog2Pow10(power);
        if (power >= 0)
        {
            var exact = BigInteger.Pow(10, power);
            return (ulong)(shift >= 0 ? exact << shift : CeilingShift(exact, -shift));
        }

        var divisor = BigInteger.Pow(10, -power);
        return (ulong)(((BigInteger.One << shift) + divisor - 1) / divisor);
    }

    private static BigInteger CeilingShift(BigInteger value, int bits) =>
        (value + (BigInteger.One << bits) - 1) >> bits;
}
