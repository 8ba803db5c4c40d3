using System.Globalization;

namespace MlCluster.Node.Domain.Models;

/// <summary>Words and small rules on archives.</summary>
internal static class ContentRules
{
    public static string TooBig(long sizeBytes) =>
        string.Create(CultureInfo.InvariantCulture, $"Model file size exceeds the limit of 4GB: {sizeBytes}");

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
