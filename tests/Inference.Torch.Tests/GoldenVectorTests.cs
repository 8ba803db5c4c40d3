using System.Text.Json;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests;

/// <summary>Real archives against vectors that the reference libraries computed: text in, vector out.</summary>
public sealed class GoldenVectorTests
{
    private const int BatchSize = 16;
    private static readonly InferenceDevice Cpu = new("cpu", "test", MemoryBytes: null);

    [SkippableTheory]
    [InlineData("sentence-transformer", FrameworkType.SentenceTransformers, "vector")]
    [InlineData("huggingface", FrameworkType.HuggingfaceTransformers, "vector_huggingface")]
    public void Forward_MiniLm_MeetsEveryGoldenVectorAloneAndInBatches(
        string kind, FrameworkType framework, string field)
    {
        var golden = Lines("golden.jsonl").Select(line => Golden.Of(line, line.GetProperty(field))).ToList();
        using var archive = new UnpackedArchive(TestData.Shared("models", $"all-MiniLM-L6-v2_torchscript_{kind}.zip"));

        AssertMeets(archive, new TextEmbeddingConfig(framework, NormalizeResult: true), golden);
    }

    [SkippableTheory]
    [InlineData(PoolingMode.Mean, "mean")]
    [InlineData(PoolingMode.MeanSqrtLen, "mean_sqrt_len")]
    [InlineData(PoolingMode.Max, "max")]
    [InlineData(PoolingMode.WeightedMean, "weighted_mean")]
    [InlineData(PoolingMode.Cls, "cls")]
    [InlineData(PoolingMode.LastToken, "last_token")]
    public void Forward_TinyEmbedding_MeetsEveryPooling(PoolingMode mode, string field)
    {
        var golden = TinyEmbeddingLines()
            .Select(line => Golden.Of(line, line.GetProperty("pooling_mode").GetProperty(field))).ToList();

        AssertMeetsTiny(new TextEmbeddingConfig(FrameworkType.HuggingfaceTransformers, mode), golden);
    }

    [SkippableFact]
    public void Forward_TinyEmbedding_MeetsTheNormalizedMean()
    {
        var golden = TinyEmbeddingLines().Select(line => Golden.Of(line, line.GetProperty("normalized_mean"))).ToList();

        AssertMeetsTiny(
            new TextEmbeddingConfig(FrameworkType.HuggingfaceTransformers, NormalizeResult: true), golden);
    }

    private static void AssertMeetsTiny(TextEmbeddingConfig config, IReadOnlyList<Golden> golden)
    {
        using var archive =
            new UnpackedArchive(TestData.Shared("models", "tiny-embedding_torchscript_huggingface.zip"));
        AssertMeets(archive, config, golden);
    }

    private static void AssertMeets(UnpackedArchive archive, TextEmbeddingConfig config, IReadOnlyList<Golden> golden)
    {
        Assert.NotEmpty(golden);
        var tokenizer = HuggingFaceTokenizer.Load(File.ReadAllBytes(archive.TokenizerFile));
        var length = tokenizer.InferenceMaxLength(config.ModelMaxLength);
        using var model = TorchScriptModel.Load(archive.ModelFile, config, Cpu);
        foreach (var size in (int[])[1, BatchSize])
        {
            foreach (var group in golden.Chunk(size))
            {
                var ids = group.Select(entry => tokenizer.EncodeIds(entry.Text, length)).ToArray();
                var output = model.Forward(TokenBatches.Of(ids), (name, _) => name == "sentence_embedding")[^1];
                for (var row = 0; row < group.Length; row++)
                {
                    Vectors.AssertClose(
                        group[row].Vector, Vectors.Row(output, row), $"{size} a batch: {group[row].Text}");
                }
            }
        }
    }

    private static IEnumerable<JsonElement> TinyEmbeddingLines() => Lines("golden-functions.jsonl").Where(line =>
        line.GetProperty("function").ValueEquals("TEXT_EMBEDDING")
        && line.GetProperty("archive").ToString().Contains(
            "tiny-embedding_torchscript_huggingface.zip", StringComparison.Ordinal));

    private static IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(TestData.Shared("models", file)).Select(line => JsonSerializer.Deserialize<JsonElement>(line));

    private sealed record Golden(string Text, float[] Vector)
    {
        public static Golden Of(JsonElement line, JsonElement vector) => new(
            line.GetProperty("text").GetString()!, [.. vector.EnumerateArray().Select(value => value.GetSingle())]);
    }
}
