using System.Text.Json;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests.Tokenization;

/// <summary>Compares an encoding with the reference's.</summary>
internal static class EncodingComparison
{
    /// <summary>Names the first member that differs; null: none does.</summary>
    public static string? Difference(TokenEncoding actual, JsonElement expected) =>
        Compare(expected, "ids", actual.Ids)
        ?? Compare(expected, "type_ids", actual.TypeIds)
        ?? Compare(expected, "attention_mask", actual.AttentionMask)
        ?? Compare(expected, "special_tokens_mask", actual.SpecialTokensMask)
        ?? Compare(expected, "word_ids", actual.WordIds)
        ?? OffsetDifference(actual, expected)
        ?? OverflowDifference(actual, expected);

    // Vectors leave out what says nothing new: long texts have no word_ids, overflow chunks no special_tokens_mask.
    private static string? Compare<T>(JsonElement expected, string name, T[] actual)
    {
        if (!expected.TryGetProperty(name, out var values))
        {
            return name == "ids" ? "the vector has no ids" : null;
        }

        return values.Deserialize<T[]>()!.SequenceEqual(actual)
            ? null
            : $"{name}: expected {values}, got [{string.Join(',', actual)}]";
    }

    private static string? OffsetDifference(TokenEncoding actual, JsonElement expected)
    {
        if (!expected.TryGetProperty("offsets", out var values))
        {
            return null;
        }

        var ranges = values.EnumerateArray().Select(static o => new TextRange(o[0].GetInt32(), o[1].GetInt32()));
        var got = actual.Offsets.Select(static o => $"[{o.Start},{o.End}]");
        return ranges.SequenceEqual(actual.Offsets)
            ? null
            : $"offsets: expected {values}, got [{string.Join(',', got)}]";
    }

    private static string? OverflowDifference(TokenEncoding actual, JsonElement expected)
    {
        var chunks = expected.TryGetProperty("overflow", out var list) ? list.EnumerateArray().ToList() : [];
        var count = expected.TryGetProperty("overflow_count", out var value) ? value.GetInt32() : chunks.Count;
        return count != actual.Overflow.Count
            ? $"overflow: expected {count}, got {actual.Overflow.Count}"
            : chunks.Zip(actual.Overflow)
                .Select(static chunk => Difference(chunk.Second, chunk.First))
                .FirstOrDefault(static difference => difference is not null);
    }
}
