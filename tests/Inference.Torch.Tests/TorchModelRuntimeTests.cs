using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlCluster.Inference.Tests.Batching;

namespace MlCluster.Inference.Tests;

/// <summary>The engine as a node uses it: real archives rehearsed, loaded, served.</summary>
public sealed class TorchModelRuntimeTests
{
    private const string SentenceTransformer = "all-MiniLM-L6-v2_torchscript_sentence-transformer.zip";
    private const string Huggingface = "all-MiniLM-L6-v2_torchscript_huggingface.zip";

    private static readonly FunctionConfig Dict = new(FrameworkType.SentenceTransformers);
    private static readonly FunctionConfig MeanNormalized = new(
        FrameworkType.HuggingfaceTransformers, PoolingMode.Mean, NormalizeResult: true);

    private static readonly ServingOptions Options = new(
        Workers: 2, MaxTokensPerForward: 1024, MaxQueuedTokens: 1_000_000, TimeSpan.FromSeconds(60));

    private readonly TorchModelRuntime _runtime = new(TorchRuntime.Start(), TimeProvider.System);

    [Theory]
    [InlineData("tiny-sentence-transformer", BatchingMode.Padded)]
    [InlineData("bare-tensor", BatchingMode.Padded)]
    [InlineData("gives-nan", BatchingMode.Padded)]
    [InlineData("many-types", BatchingMode.Padded)]
    [InlineData("never-returns-on-poison", BatchingMode.Padded)]
    [InlineData("raises-on-crash", BatchingMode.Padded)]
    [InlineData("mask-ignored", BatchingMode.EqualLength)]
    [InlineData("other-rows", BatchingMode.OneByOne)]
    [InlineData("one-row-only", BatchingMode.OneByOne)]
    [InlineData("always-one-row", BatchingMode.OneByOne)]
    [InlineData("writes-state", BatchingMode.Exclusive)]
    [InlineData("writes-cache", BatchingMode.Exclusive)]
    [InlineData("writes-argument", BatchingMode.Exclusive)]
    public void Rehearse_Archive_FindsWhatItAllows(string archive, BatchingMode expected)
    {
        using var files = new UnpackedArchive(TestData.Archive(archive));

        Assert.Equal(expected, _runtime.Rehearse(Package(files, Dict)).Batching);
    }

    [Fact]
    public void Rehearse_DictModel_DescribesItsOutputs()
    {
        using var files = new UnpackedArchive(TestData.Archive("tiny-sentence-transformer"));

        var outputs = _runtime.Rehearse(Package(files, Dict)).Outputs.OrderBy(output => output.Name);

        Assert.Equal(
            [
                new OutputInfo("attention_mask", TensorType.Int64, PerToken: true, 8),
                new OutputInfo("input_ids", TensorType.Int64, PerToken: true, 8),
                new OutputInfo("sentence_embedding", TensorType.Float32, PerToken: false, 32),
                new OutputInfo("token_embeddings", TensorType.Float32, PerToken: true, 32),
            ],
            outputs);
    }

    [Theory]
    [InlineData("returns-no-tensor")]
    [InlineData("returns-dict-of-lists")]
    [InlineData("three-inputs")]
    [InlineData("other-keys")]
    public void Rehearse_ModelThatCannotBeServed_IsRefused(string archive)
    {
        using var files = new UnpackedArchive(TestData.Archive(archive));

        var error = Record.Exception(() => _runtime.Rehearse(Package(files, Dict)));

        Assert.True(error is InferenceException or ModelFormatException, $"{archive}: {error}");
    }

    [Fact]
    public void Rehearse_AsManyOutputsUnderOtherNames_IsRefused()
    {
        using var files = new UnpackedArchive(TestData.Archive("names-change"));

        var error = Assert.Throws<InferenceException>(() => _runtime.Rehearse(Package(files, Dict)));

        Assert.StartsWith("the model gives other outputs for other texts", error.Message, StringComparison.Ordinal);
        Assert.Contains("sentence_embedding Float32", error.Message, StringComparison.Ordinal);
        Assert.Contains("odd_embedding Float32", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever the mode: every document as alone, also when many calls mix.</summary>
    [Theory]
    [InlineData("tiny-sentence-transformer")]
    [InlineData("bare-tensor")]
    [InlineData("mask-ignored")]
    [InlineData("other-rows")]
    [InlineData("one-row-only")]
    [InlineData("always-one-row")]
    [InlineData("writes-cache")]
    public async Task PredictAsync_MixedCalls_AnswerEachDocumentAsAlone(string archive)
    {
        using var files = new UnpackedArchive(TestData.Archive(archive));
        await using var model = Load(Package(files, Dict));
        var texts = TinyGolden.All.Select(golden => golden.Text).ToArray();
        var alone = new List<DocumentOutput>();
        foreach (var text in texts)
        {
            alone.Add((await Predict(model, text)).Documents[0]);
        }

        var calls = Enumerable.Range(0, 12)
            .Select(shift => texts.Select((_, i) => texts[(i + shift) % texts.Length]).ToArray())
            .Select(shifted => Task.Run(() => Predict(model, shifted)));
        var mixed = await Task.WhenAll(calls);

        foreach (var (shift, result) in mixed.Index())
        {
            foreach (var (i, document) in result.Documents.Index())
            {
                AssertSame(alone[(i + shift) % texts.Length], document, texts[(i + shift) % texts.Length]);
            }
        }
    }

    [Fact]
    public async Task PredictAsync_ModelThatTakesTypes_IsGivenThemAloneAndInABatch()
    {
        using var files = new UnpackedArchive(TestData.Archive("three-inputs"));
        var config = new FunctionConfig(FrameworkType.HuggingfaceTransformers, PoolingMode.None) { TakesTypes = true };
        await using var model = Load(Package(files, config));

        var alone = await Predict(model, "today is sunny");
        var batch = await Predict(model, "rain", "today is sunny");

        Assert.Equal(8, Embedding(alone.Documents[0]).Length);
        Vectors.AssertClose(Embedding(alone.Documents[0]), Embedding(batch.Documents[1]), "today is sunny");
    }

    [Fact]
    public async Task PredictAsync_ModelThrowsOnOneText_OthersAreAnswered()
    {
        using var files = new UnpackedArchive(TestData.Archive("raises-on-crash"));
        await using var model = Load(Package(files, Dict));

        var calls = Enumerable.Range(0, 20).Select(_ => Predict(model, "today is sunny", "sunny")).ToArray();
        var guilty = Predict(model, "sunny", "crash");

        await Assert.ThrowsAsync<InferenceException>(() => guilty.Within("failing"));
        Assert.All(await Task.WhenAll(calls), result => Assert.Equal(2, result.Documents.Count));
    }

    [SkippableTheory]
    [InlineData(SentenceTransformer, FrameworkType.SentenceTransformers)]
    [InlineData(Huggingface, FrameworkType.HuggingfaceTransformers)]
    public async Task PredictAsync_MiniLm_MeetsEveryGoldenVectorAloneAndMixed(string archive, FrameworkType framework)
    {
        using var files = new UnpackedArchive(TestData.Shared("models", archive));
        var dict = framework == FrameworkType.SentenceTransformers;
        var golden = Golden.All();
        await using var model = Load(Package(files, dict ? Dict : MeanNormalized));
        Assert.Equal(BatchingMode.Padded, model.Batching);

        var alone = new List<DocumentOutput>();
        foreach (var one in golden)
        {
            var result = await Predict(model, one.Text);
            Assert.Equal(one.Tokens, result.Tokens);
            Vectors.AssertClose(dict ? one.Vector : one.VectorHuggingface, Embedding(result.Documents[0]), one.Text);
            alone.Add(result.Documents[0]);
        }

        var calls = golden.Index().Chunk(7).Append([.. golden.Index()])
            .Select(async chunk => (chunk, await Predict(model, [.. chunk.Select(one => one.Item.Text)])));
        foreach (var (chunk, result) in await Task.WhenAll(calls))
        {
            foreach (var (one, document) in chunk.Zip(result.Documents))
            {
                AssertSame(alone[one.Index], document, one.Item.Text);
            }
        }
    }

    [Fact]
    public void Load_TokenizerIsNotOne_SaysSo()
    {
        using var files = new UnpackedArchive(TestData.Archive("tiny-sentence-transformer"));
        var package = Package(files, Dict);
        var rehearsal = _runtime.Rehearse(package);
        File.WriteAllText(files.TokenizerFile, "[]");

        Assert.Throws<ModelFormatException>(() => _runtime.Load(package, rehearsal, _runtime.Devices[^1], Options));
    }

    [Fact]
    public async Task Load_TokenizerCutsAt64_SaysHowManyTokensADocumentHas()
    {
        using var files = new UnpackedArchive(TestData.Archive("tiny-sentence-transformer"));

        await using var model = Load(Package(files, Dict));

        Assert.Equal(64, model.MaxTokens);
    }

    private static ModelPackage Package(UnpackedArchive files, FunctionConfig config) =>
        new(files.ModelFile, files.TokenizerFile, config);

    private IServedModel Load(ModelPackage package) =>
        _runtime.Load(package, _runtime.Rehearse(package), _runtime.Devices[^1], Options);

    private static Task<PredictionResult> Predict(IServedModel model, params string[] texts) =>
        model.PredictAsync(new PredictionInput(texts), OutputFilter.All, CancellationToken.None).Within("answering");

    private static float[] Embedding(DocumentOutput document) => MemoryMarshal.Cast<byte, float>(
        document.Tensors.Single(tensor => tensor.Name == "sentence_embedding").Data.Span).ToArray();

    /// <summary>Within 1e-5·max(1, |x|), the promise to users; tighter than what a rehearsal lets pass.</summary>
    private static void AssertSame(DocumentOutput alone, DocumentOutput other, string text)
    {
        Assert.Equal(alone.Tensors.Count, other.Tensors.Count);
        foreach (var (one, same) in alone.Tensors.Zip(other.Tensors))
        {
            Assert.Equal((one.Name, one.DataType), (same.Name, same.DataType));
            Assert.Equal(one.Shape, same.Shape);
            if (one.DataType != TensorType.Float32)
            {
                Assert.Equal(one.Data.ToArray(), same.Data.ToArray());
                continue;
            }

            var expected = MemoryMarshal.Cast<byte, float>(one.Data.Span).ToArray();
            var actual = MemoryMarshal.Cast<byte, float>(same.Data.Span).ToArray();
            var worst = expected.Zip(actual, (x, y) => Math.Abs(x - y) / Math.Max(1, Math.Abs(x))).Max();
            Assert.True(worst <= 1e-5, $"{one.Name} of '{text}': off by {worst}");
        }
    }

    private sealed record Golden(
        [property: JsonPropertyName("text")] string Text,
        [property: JsonPropertyName("tokens")] long Tokens,
        [property: JsonPropertyName("vector")] float[] Vector,
        [property: JsonPropertyName("vector_huggingface")] float[] VectorHuggingface)
    {
        public static List<Golden> All() => File.ReadLines(TestData.Shared("models", "golden.jsonl"))
            .Select(line => JsonSerializer.Deserialize<Golden>(line)!).ToList();
    }
}
