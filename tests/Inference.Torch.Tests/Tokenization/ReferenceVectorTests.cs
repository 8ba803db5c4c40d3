using System.Text.Json;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests.Tokenization;

/// <summary>Every WordPiece vector of the reference library, in every configuration.</summary>
public sealed class ReferenceVectorTests
{
    private static readonly Lazy<ReferenceVectors> Bert =
        new(() => new ReferenceVectors(TestData.Shared("fixtures", "tokenizers", "bert-base-uncased")));

    [SkippableFact]
    public void Encode_EveryBertVector_EqualsTheReference() => AssertEqual(Bert.Value, least: 1143);

    [Fact]
    public void Encode_EveryVectorOfTheSmallVocabulary_EqualsTheReference() =>
        AssertEqual(ReferenceVectors.Small, least: 1000);

    [SkippableFact]
    public void EncodeBatch_EveryVector_EqualsTheReference()
    {
        foreach (var batch in Bert.Value.Lines("batches.jsonl"))
        {
            var inputs = batch.GetProperty("inputs").EnumerateArray()
                .Select(static i => new TextPair(
                    i.GetProperty("text").GetString()!, i.GetProperty("pair").GetString()));
            var expected = batch.GetProperty("outputs").EnumerateArray().ToList();

            var actual = Bert.Value.Tokenizer(batch.GetProperty("config").GetString()!)
                .EncodeBatch([.. inputs], withOverflow: true);

            Assert.Equal(expected.Count, actual.Count);
            Assert.All(
                actual.Zip(expected),
                static pair => Assert.Null(EncodingComparison.Difference(pair.First, pair.Second)));
        }
    }

    [SkippableFact]
    public void EncodeIds_EverySingleText_EqualsEncode()
    {
        foreach (var vector in Bert.Value.Lines("vectors.jsonl").Where(static v => IsSingle(v)))
        {
            var tokenizer = Bert.Value.Tokenizer(vector.GetProperty("config").GetString()!);

            var ids = tokenizer.EncodeIds(vector.GetProperty("text").GetString()!, MaxLengthOf(vector));

            var expected = vector.GetProperty("ids").Deserialize<int[]>()!
                .Zip(vector.GetProperty("attention_mask").Deserialize<int[]>()!)
                .Where(static t => t.Second == 1).Select(static t => t.First);
            Assert.Equal(expected, ids);
        }
    }

    private static void AssertEqual(ReferenceVectors vectors, int least)
    {
        var count = 0;
        var mismatches = new List<string>();
        foreach (var vector in vectors.Lines("vectors.jsonl")
            .Where(v => vectors.CanLoad(v.GetProperty("config").GetString()!)))
        {
            count++;
            if (Difference(vectors, vector) is { } difference)
            {
                mismatches.Add($"{vector.GetProperty("n")} {vector.GetProperty("config")}: {difference}");
            }
        }

        Assert.InRange(count, least, int.MaxValue);
        Assert.True(mismatches.Count == 0, $"{mismatches.Count} of {count}:\n{string.Join('\n', mismatches.Take(20))}");
    }

    private static bool IsSingle(JsonElement vector) =>
        vector.GetProperty("pair").ValueKind == JsonValueKind.Null
        && vector.GetProperty("add_special_tokens").GetBoolean()
        && vector.TryGetProperty("ids", out _);

    private static int MaxLengthOf(JsonElement vector) =>
        vector.GetProperty("config").GetString()!.Split('_') is ["trunc", var length, ..]
            ? int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)
            : int.MaxValue;

    private static string? Difference(ReferenceVectors vectors, JsonElement vector)
    {
        var tokenizer = vectors.Tokenizer(vector.GetProperty("config").GetString()!);
        try
        {
            var encoding = tokenizer.Encode(
                vector.GetProperty("text").GetString()!,
                vector.GetProperty("pair").GetString(),
                vector.GetProperty("add_special_tokens").GetBoolean(),
                withOverflow: true);
            return vector.TryGetProperty("error", out var error)
                ? $"should fail: {error}"
                : EncodingComparison.Difference(encoding, vector);
        }
        catch (InferenceException e)
        {
            return vector.TryGetProperty("error", out _) ? null : e.Message;
        }
    }
}
