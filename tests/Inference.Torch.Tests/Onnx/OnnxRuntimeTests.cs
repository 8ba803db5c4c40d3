using System.Runtime.InteropServices;
using System.Text.Json;
using MlCluster.Inference.Archive;
using MlCluster.Inference.Tests.Batching;
using MlCluster.Tests.Support.Onnx;

namespace MlCluster.Inference.Tests.Onnx;

/// <summary>ONNX as a node uses it: rehearsed, loaded, served, batched like every other model.</summary>
public sealed class OnnxRuntimeTests : IDisposable
{
    private static readonly ServingOptions Options = new(
        Workers: 2, MaxTokensPerForward: 1024, MaxQueuedTokens: 1_000_000, TimeSpan.FromSeconds(60));

    private readonly TorchModelRuntime _runtime = new(TorchRuntime.Start(), TimeProvider.System);
    private readonly UnpackedArchive _tokenizer = new(TestData.Archive("tiny-huggingface"));

    public static TheoryData<string, PoolingMode> Poolings => new()
    {
        { "mean", PoolingMode.Mean },
        { "mean_sqrt_len", PoolingMode.MeanSqrtLen },
        { "max", PoolingMode.Max },
        { "weighted_mean", PoolingMode.WeightedMean },
        { "cls", PoolingMode.Cls },
        { "last_token", PoolingMode.LastToken },
    };

    public void Dispose() => _tokenizer.Dispose();

    [Theory]
    [InlineData("padded", BatchingMode.Padded)]
    [InlineData("ignores the mask", BatchingMode.EqualLength)]
    [InlineData("one row", BatchingMode.OneByOne)]
    [InlineData("random", BatchingMode.Exclusive)]
    public void Rehearse_Graph_FindsWhatItAllows(string kind, BatchingMode expected)
    {
        var (forge, pooling) = kind switch
        {
            "padded" => (OnnxModels.TokenRows(), PoolingMode.Mean),
            "ignores the mask" => (OnnxModels.PooledInGraph(), PoolingMode.None),
            "one row" => (OnnxModels.OneRow(), PoolingMode.Mean),
            _ => (OnnxModels.RandomNumbers(), PoolingMode.Mean),
        };

        var report = _runtime.Rehearse(Package(forge, Config() with { Pooling = pooling }));

        Assert.Equal(expected, report.Batching);
        Assert.Equal(new OutputInfo("sentence_embedding", TensorType.Float32, PerToken: false, 16), report.Outputs[0]);
        Assert.Single(report.Outputs);
    }

    [Fact]
    public void Rehearse_FileOfTheOtherFormat_IsRefusedInTheContractsWords()
    {
        var torch = new ModelPackage(_tokenizer.ModelFile, _tokenizer.TokenizerFile, Config());
        var onnx = Package(OnnxModels.TokenRows(), Config() with { Format = ModelFormat.TorchScript });

        Assert.StartsWith(
            "Model format is ONNX, but find .pt file",
            Assert.Throws<ModelFormatException>(() => _runtime.Rehearse(torch)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Model format is TORCH_SCRIPT, but find .onnx file",
            Assert.Throws<ModelFormatException>(() => _runtime.Rehearse(onnx)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task PredictAsync_MixedCalls_AnswerEachDocumentAsAlone()
    {
        await using var model = Load(Package(OnnxModels.TokenRows(), Config()));
        var texts = TinyGolden.All.Select(golden => golden.Text).ToArray();
        var alone = new List<float[]>();
        foreach (var text in texts)
        {
            alone.Add(Embedding((await Predict(model, text)).Documents[0]));
        }

        var calls = Enumerable.Range(0, 8)
            .Select(shift => texts.Select((_, i) => texts[(i + shift) % texts.Length]).ToArray())
            .Select(shifted => Task.Run(() => Predict(model, shifted)));
        foreach (var (shift, result) in (await Task.WhenAll(calls)).Index())
        {
            foreach (var (i, document) in result.Documents.Index())
            {
                Vectors.AssertClose(alone[(i + shift) % texts.Length], Embedding(document), $"{shift} {i}", 1e-5);
            }
        }

        Assert.Equal(("cpu", BatchingMode.Padded), (model.Device.Name, model.Batching));
    }

    [Fact]
    public async Task PredictAsync_ForwardWithoutEnd_LeavesServiceAtTheDeadline()
    {
        var package = Package(OnnxModels.NeverReturns(), Config());
        var report = new RehearsalReport(
            BatchingMode.Exclusive, [new OutputInfo("sentence_embedding", TensorType.Float32, false, 16)]);
        var model = _runtime.Load(
            package, report, _runtime.Devices[^1], Options with { ForwardTimeout = TimeSpan.FromMilliseconds(300) });

        var error = await Assert.ThrowsAsync<InferenceException>(() => Predict(model, "today is sunny"));

        Assert.Contains("ran longer than the limit", error.Message, StringComparison.Ordinal);
        Assert.Contains("ran longer", await model.Failure.Within("failing"), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(Poolings))]
    public async Task PredictAsync_RealArchive_MeetsEveryPoolingAloneAndTogether(string field, PoolingMode mode) =>
        await AssertMeetsAsync(
            Config() with { Pooling = mode }, line => line.GetProperty("pooling_mode").GetProperty(field));

    [SkippableFact]
    public async Task PredictAsync_RealArchive_MeetsTheNormalizedMean() =>
        await AssertMeetsAsync(Config() with { NormalizeResult = true }, line => line.GetProperty("normalized_mean"));

    private async Task AssertMeetsAsync(FunctionConfig config, Func<JsonElement, JsonElement> vectorOf)
    {
        using var files = new UnpackedArchive(TestData.Shared("models", "tiny-embedding_onnx.zip"));
        await using var model = Load(new ModelPackage(files.ModelFile, files.TokenizerFile, config));
        var golden = Golden(vectorOf);

        Assert.NotEmpty(golden);
        Assert.Equal(BatchingMode.Padded, model.Batching);
        var together = await Predict(model, [.. golden.Select(one => one.Text)]);
        foreach (var (one, document) in golden.Zip(together.Documents))
        {
            Vectors.AssertClose(one.Vector, Embedding(document), one.Text);
            var alone = (await Predict(model, one.Text)).Documents[0];
            Assert.Equal([32L], alone.Tensors[0].Shape);
            Vectors.AssertClose(Embedding(alone), Embedding(document), one.Text, 1e-5);
        }
    }

    private static List<(string Text, float[] Vector)> Golden(Func<JsonElement, JsonElement> vectorOf) =>
    [
        .. File.ReadLines(TestData.Shared("models", "golden-functions.jsonl"))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Where(line => line.GetProperty("archive").ToString().Contains("_onnx.zip", StringComparison.Ordinal))
            .Select(line => (
                line.GetProperty("text").GetString()!,
                vectorOf(line).EnumerateArray().Select(value => value.GetSingle()).ToArray())),
    ];

    private ModelPackage Package(OnnxForge forge, FunctionConfig config)
    {
        var file = Path.Combine(_tokenizer.Folder, $"{Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(file, forge.Build());
        return new ModelPackage(file, _tokenizer.TokenizerFile, config);
    }

    private IServedModel Load(ModelPackage package) =>
        _runtime.Load(package, _runtime.Rehearse(package), _runtime.Devices[^1], Options);

    private static Task<PredictionResult> Predict(IServedModel model, params string[] texts) =>
        model.PredictAsync(new PredictionInput(texts), OutputFilter.All, CancellationToken.None).Within("answering");

    private static float[] Embedding(DocumentOutput document) =>
        MemoryMarshal.Cast<byte, float>(Assert.Single(document.Tensors).Data.Span).ToArray();

    private static FunctionConfig Config() =>
        new(FrameworkType.HuggingfaceTransformers) { Format = ModelFormat.Onnx };
}
