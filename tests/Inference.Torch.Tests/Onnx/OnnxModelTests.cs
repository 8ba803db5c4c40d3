using MlCluster.Inference.Archive;
using MlCluster.Inference.Onnx;
using MlCluster.Tests.Support.Onnx;

namespace MlCluster.Inference.Tests.Onnx;

/// <summary>Forwards of ONNX models without anything around them.</summary>
public sealed class OnnxModelTests : IDisposable
{
    private static readonly InferenceDevice Cpu = new("cpu", "test", MemoryBytes: null);
    private static readonly int[] Document = [5, 9, 2];

    private readonly string _folder = Directory.CreateTempSubdirectory("mlcluster-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(FrameworkType.HuggingfaceTransformers)]
    [InlineData(FrameworkType.SentenceTransformers)]
    public void Forward_TokenRows_ArePooledHereWhateverTheFramework(FrameworkType framework)
    {
        using var model = Load(OnnxModels.TokenRows(), Config() with { Framework = framework });

        var output = Assert.Single(model.Forward(TokenBatches.Of(Document, [7]), (_, _) => true));

        Assert.Equal(("sentence_embedding", TensorType.Float32), (output.Name, output.DataType));
        Assert.Equal([2L, OnnxModels.Hidden], output.Shape);
        Vectors.AssertClose(Mean(Document), Vectors.Row(output, 0), "three tokens", 1e-6);
        Vectors.AssertClose(Mean([7]), Vectors.Row(output, 1), "one token", 1e-6);
    }

    [Theory]
    [InlineData(OnnxForge.Int32)]
    [InlineData(OnnxForge.Int64)]
    public void Forward_WholeNumbersOfEitherSize_AreTaken(int type)
    {
        using var model = Load(OnnxModels.TokenRows(type), Config());

        Vectors.AssertClose(Mean(Document), Row(model), "rows", 1e-6);
    }

    [Fact]
    public void Forward_InputsWithoutKnownNames_AreGivenInOrder()
    {
        using var model = Load(OnnxModels.TokenRows(ids: "0", mask: "1"), Config());

        Vectors.AssertClose(Mean(Document), Row(model), "rows", 1e-6);
    }

    [Fact]
    public void Forward_OneInputWithoutAKnownName_IsGivenTheIds()
    {
        using var model = Load(OnnxModels.RowsOfIds("tokens"), Config());

        Vectors.AssertClose(Mean(Document), Row(model), "rows", 1e-6);
    }

    [Fact]
    public void Forward_GraphThatTakesTypes_IsGivenZeros()
    {
        using var model = Load(OnnxModels.WithTypes(), Config());

        Vectors.AssertClose(Mean(Document), Row(model), "rows", 1e-6);
    }

    [Fact]
    public void Forward_PoolingNone_GivesWhatTheGraphPooled()
    {
        var config = Config() with { Pooling = PoolingMode.None, NormalizeResult = true };
        using var model = Load(OnnxModels.PooledInGraph(), config);

        var mean = Mean(Document);
        var norm = MathF.Sqrt(mean.Sum(value => value * value));
        Vectors.AssertClose([.. mean.Select(value => value / norm)], Row(model), "rows", 1e-6);
    }

    [Fact]
    public void Forward_OtherFunctions_GiveTheGraphsOutputsAsTheyAre()
    {
        using var model = Load(OnnxModels.TokenRows(), Config() with { Function = FunctionKind.QuestionAnswering });

        var output = Assert.Single(model.Forward(TokenBatches.Of(Document), (_, _) => true));

        Assert.Equal("last_hidden_state", output.Name);
        Assert.Equal([1L, 3L, OnnxModels.Hidden], output.Shape);
        Assert.Empty(Assert.Single(model.Forward(TokenBatches.Of(Document), (_, _) => false)).Data);
    }

    [Fact]
    public void Forward_TokenBeyondTheTable_FailsWithTheRuntimesWord()
    {
        using var model = Load(OnnxModels.TokenRows(), Config());

        var error = Assert.Throws<InferenceException>(() => model.Forward(TokenBatches.Of([100_000]), (_, _) => true));

        Assert.Contains("out of data bounds", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("[ErrorCode", error.Message, StringComparison.Ordinal);
        Vectors.AssertClose(Mean(Document), Row(model), "afterwards", 1e-6);
    }

    [Fact]
    public void Load_OperatorThatIsNotThere_SaysWhich()
    {
        var graph = new OnnxForge().Input("input_ids", OnnxForge.Int64, "b", "l")
            .Node("NoSuchOperator", ["input_ids"], ["y"]).Output("y", OnnxForge.Int64, "b", "l");

        var error = Assert.Throws<InferenceException>(() => Load(graph, Config()));

        Assert.StartsWith("the model does not load", error.Message, StringComparison.Ordinal);
        Assert.Contains("NoSuchOperator", error.Message, StringComparison.Ordinal);
    }

    private OnnxModel Load(OnnxForge forge, FunctionConfig config)
    {
        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(file, forge.Build());
        return OnnxModel.Load(file, config, Cpu);
    }

    private static float[] Row(OnnxModel model) =>
        Vectors.Row(model.Forward(TokenBatches.Of(Document), (_, _) => true)[0], 0);

    private static float[] Mean(int[] ids) =>
        [.. Enumerable.Range(0, OnnxModels.Hidden).Select(i => ids.Average(id => OnnxModels.At(id, i)))];

    private static FunctionConfig Config() =>
        new(FrameworkType.HuggingfaceTransformers) { Format = ModelFormat.Onnx };
}
