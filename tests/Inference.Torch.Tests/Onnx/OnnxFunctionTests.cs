using MlCluster.Inference.Archive;
using MlCluster.Inference.Functions;
using MlCluster.Inference.Tests.Batching;
using MlCluster.Tests.Support.Onnx;

namespace MlCluster.Inference.Tests.Onnx;

/// <summary>Functions other than embedding, over graphs whose answers can be told by hand.</summary>
public sealed class OnnxFunctionTests : IDisposable
{
    private const int Vocabulary = 200;

    private readonly TorchModelRuntime _runtime = new(TorchRuntime.Start(), TimeProvider.System);
    private readonly UnpackedArchive _tokenizer = new(TestData.Archive("tiny-huggingface"));

    public void Dispose() => _tokenizer.Dispose();

    /// <summary>The graph gives the share of tokens that are the document's: type 1.</summary>
    [Fact]
    public async Task TextSimilarity_TypesOfThePair_ReachTheGraph()
    {
        var graph = new OnnxForge().Input("token_type_ids", OnnxForge.Int64, "b", "l")
            .Input("input_ids", OnnxForge.Int64, "b", "l")
            .Floats("types", [2, 1], [0, 1])
            .Node("Gather", ["types", "token_type_ids"], ["rows"])
            .Node("ReduceMean", ["rows"], ["logits"], "", OnnxForge.Integers("axes", 1), OnnxForge.Integer("keepdims", 0))
            .Output("logits", OnnxForge.Float, "b", 1);
        await using var model = Load(graph, FunctionKind.TextSimilarity);

        var output = await AskAsync(model, new PredictionInput(["sunny", "today is sunny"]) { Query = "today" });

        Assert.All(output, tensor => Assert.Equal("similarity", tensor.Name));
        Assert.Equal([2f / 5, 4f / 7], output.Select(tensor => FloatOutput.Read(tensor)[0]));
    }

    /// <summary>The graph gives 1 for each token that is there.</summary>
    [Fact]
    public async Task SparseEncoding_RowOverTheVocabulary_BecomesWeights()
    {
        var graph = new OnnxForge().Input("input_ids", OnnxForge.Int64, "b", "l")
            .Initializer(OnnxForge.Tensor("depth", OnnxForge.Int64, []).Bytes(9, BitConverter.GetBytes((long)Vocabulary)))
            .Floats("values", [2], [0, 1])
            .Node("OneHot", ["input_ids", "depth", "values"], ["hot"])
            .Node("ReduceMax", ["hot"], ["output"], "", OnnxForge.Integers("axes", 1), OnnxForge.Integer("keepdims", 0))
            .Output("output", OnnxForge.Float, "b", Vocabulary);
        await using var model = Load(graph, FunctionKind.SparseEncoding);

        var weights = (TokenWeights)(await AskAsync(model, new PredictionInput(["today is sunny"])))[0].Content!;

        Assert.Superset(new HashSet<string>(["today", "is", "sunny"]), weights.Tokens.ToHashSet());
        Assert.All(weights.Weights, weight => Assert.Equal(1, weight));
    }

    /// <summary>The answer begins and ends at the tokens with the greatest and the least number.</summary>
    [Fact]
    public async Task QuestionAnswering_LogitsByName_AreTheEndsOfTheAnswer()
    {
        var graph = new OnnxForge().Input("input_ids", OnnxForge.Int64, "b", "l")
            .Input("attention_mask", OnnxForge.Int64, "b", "l")
            .Node("Cast", ["input_ids"], ["start_logits"], "", OnnxForge.Integer("to", OnnxForge.Float))
            .Node("Neg", ["start_logits"], ["end_logits"])
            .Output("end_logits", OnnxForge.Float, "b", "l").Output("start_logits", OnnxForge.Float, "b", "l");
        await using var model = Load(graph, FunctionKind.QuestionAnswering);

        var answer = (AnswerText)(await AskAsync(model, new PredictionInput(["is"]) { Query = "sunny" }))[0].Content!;

        var ids = new[] { "[CLS]", "sunny", "[SEP]", "is", "[SEP]" }.Select(IdOf).ToList();
        var (start, end) = (ids.IndexOf(ids.Max()), ids.IndexOf(ids.Min()));
        var tokens = new[] { "[CLS]", "sunny", "[SEP]", "is", "[SEP]" };
        Assert.Equal(
            string.Join(' ', tokens[Math.Min(start, end)..(Math.Max(start, end) + 1)]), answer.Text);
    }

    /// <summary>Contract 12.3: of TorchScript's sentence_transformers it does not count.</summary>
    [Theory]
    [InlineData(FrameworkType.SentenceTransformers)]
    [InlineData(FrameworkType.HuggingfaceTransformers)]
    public async Task TextEmbedding_ModelMaxLength_CountsForBothFrameworks(FrameworkType framework)
    {
        var config = new FunctionConfig(framework, ModelMaxLength: 4) { Format = ModelFormat.Onnx };
        await using var model = Load(OnnxModels.TokenRows(), config);

        var result = await model.PredictAsync(
            new PredictionInput(["today is sunny today"]), OutputFilter.All, CancellationToken.None).Within("answering");

        Assert.Equal(4, result.Tokens);
    }

    private static async Task<List<OutputTensor>> AskAsync(IServedModel model, PredictionInput input)
    {
        var result = await model.PredictAsync(input, OutputFilter.All, CancellationToken.None).Within("answering");
        return [.. result.Documents.Select(document => Assert.Single(document.Tensors))];
    }

    private int IdOf(string token)
    {
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(_tokenizer.TokenizerFile));
        return json.RootElement.GetProperty("model").GetProperty("vocab").GetProperty(token).GetInt32();
    }

    private IServedModel Load(OnnxForge forge, FunctionKind function) => Load(
        forge, new FunctionConfig(FrameworkType.HuggingfaceTransformers) { Format = ModelFormat.Onnx, Function = function });

    private IServedModel Load(OnnxForge forge, FunctionConfig config)
    {
        var file = Path.Combine(_tokenizer.Folder, $"{Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(file, forge.Build());
        var package = new ModelPackage(file, _tokenizer.TokenizerFile, config);
        var options = new ServingOptions(2, 1024, 1_000_000, TimeSpan.FromSeconds(60));
        return _runtime.Load(package, _runtime.Rehearse(package), _runtime.Devices[^1], options);
    }
}
