using System.Globalization;

namespace MlCluster.Node.Domain.Models;

/// <summary>Words and small rules on archives.</summary>
internal static class ContentRules
{
    /// <summary>Largest archive of all (contract 3.1); an operator may allow less.</summary>
    public const long MostBytes = 4L << 30;

    /// <param name="sizeBytes">The archive's.</param>
    /// <param name="maxBytes">What is allowed here.</param>
    public static string TooBig(long sizeBytes, long maxBytes)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"Model file size exceeds the limit of 4GB: {sizeBytes}");
        return maxBytes == MostBytes
            ? text
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{text}; here mlcluster.data.uploads.max-model-size allows {maxBytes} bytes");
    }

    /// <summary>What is wrong with a complete set of chunks, and what to do about it.</summary>
    public static string WithCure(string problem) =>
        $"{problem}. Send the right chunks again, or delete the model and register it anew";

    public static string? Normalize(string? sha256) => sha256?.Trim().ToLowerInvariant();

    /// <summary>Null: it is the expected one, or none was expected.</summary>
    public static string? HashProblem(string? expected, string actual) =>
        expected is null || string.Equals(expected, actual, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"model content changed: the expected sha-256 is {expected}, the actual one {actual}";
}
