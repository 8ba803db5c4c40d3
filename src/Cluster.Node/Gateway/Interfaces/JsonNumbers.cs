using System.Buffers.Text;

namespace MlCluster.Node.Gateway.Interfaces;

/// <summary>Numbers that the reader of schemas may be given.</summary>
/// <remarks>It writes them out on the stack, digit by digit: <c>1e999999999</c> would end the process.</remarks>
internal static class JsonNumbers
{
    /// <summary>What others have.</summary>
    public const string Limits = "more than 100 characters, or an exponent beyond 400";

    private const int MostCharacters = 100;
    private const int MostExponent = 400;

    /// <summary>Tells whether a number can be compared with others.</summary>
    /// <param name="number">As it stands in JSON.</param>
    public static bool AreComparable(ReadOnlySpan<byte> number)
    {
        if (number.Length > MostCharacters)
        {
            return false;
        }

        var exponent = number.IndexOfAny((byte)'e', (byte)'E') + 1;
        return exponent == 0
            || (Utf8Parser.TryParse(number[exponent..], out int value, out _)
                && value is >= -MostExponent and <= MostExponent);
    }
}
