namespace MlCluster.Inference.Tests;

public sealed class TorchScriptModelTests
{
    private static readonly InferenceDevice Cpu = new("cpu", "test", MemoryBytes: null);
    private static readonly FunctionConfig SentenceTransformers = new(FrameworkType.SentenceTransformers);

    public static TheoryData<string> Poolings => ["mean", "mean_sqrt_len", "max", "weighted_mean", "cls", "last_token"];

    [Fact]
    public void Forward_SentenceTransformer_GivesEveryEntryInGraphOrder()
    {
        using var archive = new UnpackedArchive(TestData.Archive("tiny-sentence-transformer"));
        using var model = TorchScriptModel.Load(archive.ModelFile, SentenceTransformers, Cpu);
        var ids = TinyGolden.All[0].Ids;

        var outputs = model.Forward(TokenBatches.Of(ids), (_, _) => true);

        Assert.Equal(
            ["input_ids", "attention_mask", "token_embeddings", "sentence_embedding"],
            outputs.Select(output => output.Name));
        Assert.Equal([0, 1, 2, 3], outputs.Select(output => output.Position));
        Assert.Equal([1, ids.Length, 8], outputs[2].Shape);
        Assert.Equal([1, 8], outputs[3].Shape);
        Assert.Equal(TensorType.Int64, outputs[0].DataType);
    }

    [Fact]
    public void Forward_SentenceTransformer_MeetsGoldenAloneAndInABatch()
    {
        using var archive = new UnpackedArchive(TestData.Archive("tiny-sentence-transformer"));
        using var model = TorchScriptModel.Load(archive.ModelFile, SentenceTransformers, Cpu);

        AssertGolden(model, outputPosition: 3, golden => golden.Vector);
    }

    [Theory]
    [MemberData(nameof(Poolings))]
    public void Forward_Huggingface_MeetsGoldenAloneAndInABatch(string pooling)
    {
        var mode =
            Enum.Parse<PoolingMode>(pooling.Replace("_", string.Empty, StringComparison.Ordinal), ignoreCase: true);
        using var archive = new UnpackedArchive(TestData.Archive("tiny-huggingface"));
        using var model = TorchScriptModel.Load(
            archive.ModelFile, new FunctionConfig(FrameworkType.HuggingfaceTransformers, mode), Cpu);

        AssertGolden(model, outputPosition: 0, golden => golden.Huggingface[pooling]);
    }

    [Fact]
    public void Forward_Huggingface_GivesOneRowADocument()
    {
        using var archive = new UnpackedArchive(TestData.Archive("tiny-huggingface"));
        using var model = TorchScriptModel.Load(
            archive.ModelFile, new FunctionConfig(FrameworkType.HuggingfaceTransformers), Cpu);

        var output = Assert.Single(model.Forward(TokenBatches.Of([2, 92, 3], [2, 93, 94, 3]), (_, _) => true));

        Assert.Equal("sentence_embedding", output.Name);
        Assert.Equal([2, 1, 8], output.Shape);
    }

    [Fact]
    public void Forward_NormalizeResult_GivesUnitVectors()
    {
        using var archive = new UnpackedArchive(TestData.Archive("tiny-huggingface"));
        var config = new FunctionConfig(FrameworkType.HuggingfaceTransformers, NormalizeResult: true);
        using var model = TorchScriptModel.Load(archive.ModelFile, config, Cpu);

        var vector = Vectors.Row(model.Forward(TokenBatches.Of(TinyGolden.All[0].Ids), (_, _) => true)[0], 0);

        Assert.Equal(1, vector.Sum(value => (double)value * value), precision: 5);
    }

    [Fact]
    public void Forward_NotWanted_GivesShapeWithoutData()
    {
        using var archive = new UnpackedArchive(TestData.Archive("tiny-sentence-transformer"));
        using var model = TorchScriptModel.Load(archive.ModelFile, SentenceTransformers, Cpu);

        var outputs = model.Forward(TokenBatches.Of([2, 92, 3]), (name, _) => name == "sentence_embedding");

        Assert.Equal([1, 3, 8], outputs[2].Shape);
        Assert.Empty(outputs[2].Data);
        Assert.Equal(8 * sizeof(float), outputs[3].Data.Length);
    }

    [Fact]
    public void Forward_BareTensor_GivesOneNamelessOutput()
    {
        using var archive = new UnpackedArchive(TestData.Archive("bare-tensor"));
        using var model = TorchScriptModel.Load(archive.ModelFile, SentenceTransformers, Cpu);

        var output = Assert.Single(model.Forward(TokenBatches.Of([2, 92, 3]), (_, _) => true));

        Assert.Null(output.Name);
        Assert.Equal([1, 8], output.Shape);
    }

    [Fact]
    public void Forward_ManyTypes_CopiesEachInItsOwnType()
    {
        using var archive = new UnpackedArchive(TestData.Archive("many-types"));
        using var model = TorchScriptModel.Load(archive.ModelFile, SentenceTransformers, Cpu);

        var outputs = model.Forward(TokenBatches.Of([2, 92, 3]), (_, _) => true);

        Assert.All(outputs, output =>
            Assert.Equal(
                output.Shape.Aggregate(SizeOf(output.DataType), (size, axis) => size * axis), output.Data.Length));
        Assert.Equal(
            Enum.GetValues<TensorType>().Where(type => type != TensorType.Unknown).Order(), outputs.Select(output => output.DataType).Distinct().Order());
    }

    [Theory]
    [InlineData("other-keys", "pixel_values")]
    [InlineData("raises-on-crash", "crash")]
    public void Forward_ModelThrows_SaysWhyInOneLine(string name, string reason)
    {
        using var archive = new UnpackedArchive(TestData.Archive(name));
        using var model = TorchScriptModel.Load(archive.ModelFile, SentenceTransformers, Cpu);
        var everyWord = Enumerable.Range(2, 166).Chunk(60);

        var error = Assert.Throws<InferenceException>(() =>
        {
            foreach (var words in everyWord)
            {
                model.Forward(TokenBatches.Of(words), (_, _) => true);
            }
        });

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain("frame #", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_ModelGivesNoTensor_Throws()
    {
        using var archive = new UnpackedArchive(TestData.Archive("returns-no-tensor"));
        using var model = TorchScriptModel.Load(archive.ModelFile, SentenceTransformers, Cpu);

        Assert.Throws<InferenceException>(() => model.Forward(TokenBatches.Of([2, 92, 3]), (_, _) => true));
    }

    [Theory]
    [InlineData("tiny-huggingface", FrameworkType.SentenceTransformers, "huggingface_transformers")]
    [InlineData("tiny-sentence-transformer", FrameworkType.HuggingfaceTransformers, "sentence_transformers")]
    [InlineData("three-inputs", FrameworkType.HuggingfaceTransformers, "input_ids and attention_mask")]
    [InlineData("three-inputs", FrameworkType.SentenceTransformers, "export it so that it takes that alone")]
    [InlineData("returns-dict-of-lists", FrameworkType.SentenceTransformers, "Dict[str, Tensor]")]
    public void Load_ForwardDoesNotFitTheRegistration_SaysWhatToDo(string name, FrameworkType framework, string cure)
    {
        using var archive = new UnpackedArchive(TestData.Archive(name));

        var error = Assert.Throws<ModelFormatException>(
            () => TorchScriptModel.Load(archive.ModelFile, new FunctionConfig(framework), Cpu));

        Assert.Contains(cure, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_OnManyThreads_GivesWhatOneThreadGives()
    {
        using var archive = new UnpackedArchive(TestData.Archive("tiny-sentence-transformer"));
        using var model = TorchScriptModel.Load(archive.ModelFile, SentenceTransformers, Cpu);
        var batches = TinyGolden.All.Select(golden => TokenBatches.Of(golden.Ids)).ToList();
        var alone = batches.ConvertAll(batch => model.Forward(batch, (_, _) => true)[3].Data);

        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
            Assert.Equal(alone[i % alone.Count], model.Forward(batches[i % batches.Count], (_, _) => true)[3].Data));
    }

    [Fact]
    public void Dispose_Twice_IsHarmlessAndEndsTheModel()
    {
        using var archive = new UnpackedArchive(TestData.Archive("tiny-huggingface"));
        var model = TorchScriptModel.Load(
            archive.ModelFile, new FunctionConfig(FrameworkType.HuggingfaceTransformers), Cpu);

        model.Dispose();
        model.Dispose();

        Assert.Throws<ObjectDisposedException>(() => model.Forward(TokenBatches.Of([2, 92, 3]), (_, _) => true));
    }

    [Fact]
    public void Load_UnknownDevice_Throws()
    {
        using var archive = new UnpackedArchive(TestData.Archive("tiny-huggingface"));
        var config = new FunctionConfig(FrameworkType.HuggingfaceTransformers);

        Assert.Throws<InferenceException>(
            () => TorchScriptModel.Load(archive.ModelFile, config, new InferenceDevice("tpu:0", "test", null)));
    }

    [Fact]
    public void Load_Twice_UsesThePreparedCopyAgain()
    {
        using var archive = new UnpackedArchive(TestData.Archive("tiny-sentence-transformer"));
        TorchScriptModel.Load(archive.ModelFile, SentenceTransformers, Cpu).Dispose();
        var prepared = Directory.GetFiles(archive.Folder, "*.callable-*").Single();
        var written = File.GetLastWriteTimeUtc(prepared);

        TorchScriptModel.Load(archive.ModelFile, SentenceTransformers, Cpu).Dispose();

        Assert.Equal(written, File.GetLastWriteTimeUtc(prepared));
    }

    [Fact]
    public void Load_NotAnArchive_ThrowsModelFormat()
    {
        using var archive = new UnpackedArchive(TestData.Archive("tiny-huggingface"));
        File.WriteAllText(archive.ModelFile, "not a zip");

        Assert.Throws<ModelFormatException>(
            () => TorchScriptModel.Load(archive.ModelFile, SentenceTransformers, Cpu));
    }

    private static void AssertGolden(TorchScriptModel model, int outputPosition, Func<TinyGolden, float[]> expected)
    {
        foreach (var golden in TinyGolden.All)
        {
            var alone = model.Forward(TokenBatches.Of(golden.Ids), (_, _) => true)[outputPosition];
            Vectors.AssertClose(expected(golden), Vectors.Row(alone, 0), golden.Text);
        }

        var batch = model.Forward(TokenBatches.Of([.. TinyGolden.All.Select(golden => golden.Ids)]), (_, _) => true);
        for (var row = 0; row < TinyGolden.All.Count; row++)
        {
            var golden = TinyGolden.All[row];
            Vectors.AssertClose(
                expected(golden), Vectors.Row(batch[outputPosition], row), $"in a batch: {golden.Text}");
        }
    }

    private static long SizeOf(TensorType type) => type switch
    {
        TensorType.Float64 or TensorType.Int64 => 8,
        TensorType.Float32 or TensorType.Int32 => 4,
        TensorType.Float16 => 2,
        _ => 1,
    };
}
