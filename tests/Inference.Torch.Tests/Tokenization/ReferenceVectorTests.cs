using System.Text.Json;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests.Tokenization;

/// <summary>Every vector of the reference library, in every configuration.</summary>
public sealed class ReferenceVectorTests
{
    private const string Bert = "bert-base-uncased";
    private const string Roberta = "roberta-base";
    private const string Multilingual = "paraphrase-multilingual-mpnet-base-v2";

    [SkippableTheory]
    [InlineData(Bert, 1143)]
    [InlineData(Roberta, 858)]
    [InlineData(Multilingual, 905)]
    public void Encode_EveryVectorOfARealTokenizer_EqualsTheReference(string tokenizer, int count) =>
        AssertEqual(Real(tokenizer), ReferenceVectors.HasIcu ? count : 1);

    [Fact]
    public void Encode_EveryVectorOfTheSmallVocabulary_EqualsTheReference() =>
        AssertEqual(ReferenceVectors.Small, least: 1000);

    [SkippableTheory]
    [InlineData(Bert)]
    [InlineData(Roberta)]
    [InlineData(Multilingual)]
    public void EncodeBatch_EveryVector_EqualsTheReference(string tokenizer)
    {
        var vectors = Real(tokenizer);
        var count = 0;
        foreach (var batch in vectors.Lines("batches.jsonl"))
        {
            var inputs = batch.GetProperty("inputs").EnumerateArray()
                .Select(static i => new TextPair(
                    i.GetProperty("text").GetString()!, i.GetProperty("pair").GetString()));
            var expected = batch.GetProperty("outputs").EnumerateArray().ToList();

            var actual = vectors.Tokenizer(batch.GetProperty("config").GetString()!)
                .EncodeBatch([.. inputs], withOverflow: true);

            count++;
            Assert.Equal(expected.Count, actual.Count);
            Assert.All(
                actual.Zip(expected),
                static pair => Assert.Null(EncodingComparison.Difference(pair.First, pair.Second)));
        }

        Assert.Equal(32, count);
    }

    [SkippableTheory]
    [InlineData(Bert)]
    [InlineData(Roberta)]
    [InlineData(Multilingual)]
    public void EncodeIds_EverySingleText_EqualsEncode(string name)
    {
        var vectors = Real(name);
        foreach (var vector in vectors.Lines("vectors.jsonl").Where(v => IsSingle(v) && CanLoad(vectors, v)))
        {
            var tokenizer = vectors.Tokenizer(vector.GetProperty("config").GetString()!);

            var ids = tokenizer.EncodeIds(vector.GetProperty("text").GetString()!, MaxLengthOf(vector));

            var expected = vector.GetProperty("ids").Deserialize<int[]>()!
                .Zip(vector.GetProperty("attention_mask").Deserialize<int[]>()!)
                .Where(static t => t.Second == 1).Select(static t => t.First);
            Assert.Equal(expected, ids);
        }
    }

    [SkippableTheory]
    [InlineData(Roberta)]
    [InlineData(Multilingual)]
    public void Encode_WordOfTwoHundredThousandCharacters_EndsSoon(string name)
    {
        var tokenizer = Real(name).Tokenizer("base");
        foreach (var unit in (string[])["a", "字", "é", "ab", "the", "😀", "!", "\u0301", "ｆ"])
        {
            var word = string.Concat(Enumerable.Repeat(unit, 200_000 / unit.Length));

            // What is quadratic takes half a minute and more; the limit leaves room for a busy machine.
            var clock = System.Diagnostics.Stopwatch.StartNew();
            tokenizer.Encode(word);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        }
    }

    private static ReferenceVectors Real(string name) => new(TestData.Shared("fixtures", "tokenizers", name));

    private static bool CanLoad(ReferenceVectors vectors, JsonElement vector) =>
        vectors.CanLoad(vector.GetProperty("config").GetString()!);

    private static void AssertEqual(ReferenceVectors vectors, int least)
    {
        var count = 0;
        var mismatches = new List<string>();
        foreach (var vector in vectors.Lines("vectors.jsonl").Where(v => CanLoad(vectors, v)))
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
