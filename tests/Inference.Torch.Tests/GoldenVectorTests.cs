using System.Text.Json;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests;

/// <summary>Real archives against vectors that the reference libraries computed: text in, vector out.</summary>
public sealed class GoldenVectorTests
{
    private const int BatchSize = 16;
    private const string TinyBert = "tiny-embedding_torchscript_huggingface.zip";
    private const string TinyRoberta = "tiny-roberta-embedding_torchscript_huggingface.zip";

    private static readonly InferenceDevice Cpu = new("cpu", "test", MemoryBytes: null);

    public static TheoryData<string, PoolingMode, string> TinyPoolings
    {
        get
        {
            var poolings = new TheoryData<string, PoolingMode, string>();
            foreach (var archive in (string[])[TinyBert, TinyRoberta])
            {
                poolings.Add(archive, PoolingMode.Mean, "mean");
                poolings.Add(archive, PoolingMode.MeanSqrtLen, "mean_sqrt_len");
                poolings.Add(archive, PoolingMode.Max, "max");
                poolings.Add(archive, PoolingMode.WeightedMean, "weighted_mean");
                poolings.Add(archive, PoolingMode.Cls, "cls");
                poolings.Add(archive, PoolingMode.LastToken, "last_token");
            }

            return poolings;
        }
    }

    [SkippableTheory]
    [InlineData("sentence-transformer", FrameworkType.SentenceTransformers, "vector")]
    [InlineData("huggingface", FrameworkType.HuggingfaceTransformers, "vector_huggingface")]
    public void Forward_MiniLm_MeetsEveryGoldenVectorAloneAndInBatches(
        string kind, FrameworkType framework, string field)
    {
        var golden = Lines("golden.jsonl").Select(line => Golden.Of(line, line.GetProperty(field))).ToList();
        using var archive = new UnpackedArchive(TestData.Shared("models", $"all-MiniLM-L6-v2_torchscript_{kind}.zip"));

        AssertMeets(archive, new FunctionConfig(framework, NormalizeResult: true), golden);
    }

    [SkippableTheory]
    [MemberData(nameof(TinyPoolings))]
    public void Forward_TinyEmbedding_MeetsEveryPooling(string archive, PoolingMode mode, string field)
    {
        var golden = TinyEmbeddingLines(archive)
            .Select(line => Golden.Of(line, line.GetProperty("pooling_mode").GetProperty(field))).ToList();

        AssertMeetsTiny(archive, new FunctionConfig(FrameworkType.HuggingfaceTransformers, mode), golden);
    }

    [SkippableTheory]
    [InlineData(TinyBert)]
    [InlineData(TinyRoberta)]
    public void Forward_TinyEmbedding_MeetsTheNormalizedMean(string archive)
    {
        var golden = TinyEmbeddingLines(archive)
            .Select(line => Golden.Of(line, line.GetProperty("normalized_mean"))).ToList();

        AssertMeetsTiny(
            archive, new FunctionConfig(FrameworkType.HuggingfaceTransformers, NormalizeResult: true), golden);
    }

    private static void AssertMeetsTiny(string name, FunctionConfig config, IReadOnlyList<Golden> golden)
    {
        using var archive = new UnpackedArchive(TestData.Shared("models", name));
        AssertMeets(archive, config, golden);
    }

    private static void AssertMeets(UnpackedArchive archive, FunctionConfig config, IReadOnlyList<Golden> golden)
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

    private static IEnumerable<JsonElement> TinyEmbeddingLines(string archive) =>
        Lines("golden-functions.jsonl").Where(line =>
            line.GetProperty("function").ValueEquals("TEXT_EMBEDDING")
            && line.GetProperty("archive").ToString().Contains(archive, StringComparison.Ordinal));

    private static IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(TestData.Shared("models", file)).Select(line => JsonSerializer.Deserialize<JsonElement>(line));

    private sealed record Golden(string Text, float[] Vector)
    {
        public static Golden Of(JsonElement line, JsonElement vector) => new(
            line.GetProperty("text").GetString()!, [.. vector.EnumerateArray().Select(value => value.GetSingle())]);
    }
}
