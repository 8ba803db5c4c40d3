using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using MlCluster.Inference.Batching;
using MlCluster.Inference.Scripting;
using TorchSharp;

namespace MlCluster.Inference.Tests.Scripting;

/// <summary>
/// Every form that a forward can have, from <c>tests/archives/calling-forms</c>: id i gives the row [i, 2i].
/// </summary>
public sealed class CallableModuleTests : IDisposable
{
    private static readonly InferenceDevice Cpu = new("cpu", "test", MemoryBytes: null);
    private static readonly TokenBatch TwoTokens = TokenBatches.Of([3, 5]);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlcluster-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("positional-to-tensor")]
    [InlineData("positional-to-list")]
    [InlineData("positional-to-dict")]
    [InlineData("positional-to-pooled")]
    [InlineData("positional-to-nested")]
    [InlineData("positional-to-named-tuple")]
    [InlineData("positional-with-defaults")]
    public void Forward_PositionalForm_FindsTheTokenRows(string form)
    {
        var config = new FunctionConfig(FrameworkType.HuggingfaceTransformers, PoolingMode.LastToken);
        using var model = TorchScriptModel.Load(Copy(form), config, Cpu);

        var first = model.Forward(TwoTokens, (_, _) => true);
        var second = model.Forward(TwoTokens, (_, _) => true);

        Assert.Equal([5f, 10f], Floats(Assert.Single(first)));
        Assert.Equal([5f, 10f], Floats(Assert.Single(second)));
    }

    [Theory]
    [InlineData("positional-to-pooled", new float[] { 8, 16 })]
    [InlineData("positional-to-dict", new float[] { -3, -5 })]
    [InlineData("positional-to-list", new float[] { 1, 1 })]
    public void Forward_NothingToPool_GivesTheGraphsOwnVector(string form, float[] expected)
    {
        var output = Embed(form, new FunctionConfig(FrameworkType.HuggingfaceTransformers, PoolingMode.None));

        Assert.Equal(("sentence_embedding", TensorType.Float32), (output.Name, output.DataType));
        Assert.Equal([1, 1, 2], output.Shape);
        Assert.Equal(expected, Floats(output));
    }

    [Fact]
    public void Forward_NothingToPoolAndTokenRowsAlone_GivesThem()
    {
        var output = Embed(
            "positional-to-tensor", new FunctionConfig(FrameworkType.HuggingfaceTransformers, PoolingMode.None));

        Assert.Equal([1, 2, 2], output.Shape);
        Assert.Equal([3f, 6f, 5f, 10f], Floats(output));
    }

    [Fact]
    public void Forward_NothingToPoolButToNormalize_GivesTheUnitVector()
    {
        var config = new FunctionConfig(
            FrameworkType.HuggingfaceTransformers, PoolingMode.None, NormalizeResult: true);

        var vector = Floats(Embed("positional-to-pooled", config));

        Assert.Equal(1 / Math.Sqrt(5), vector[0], precision: 6);
        Assert.Equal(2 / Math.Sqrt(5), vector[1], precision: 6);
    }

    /// <summary>The graph of these types always pools: every mode is ignored.</summary>
    [Fact]
    public void Forward_DictModelWithAPoolingMode_IgnoresIt()
    {
        using var model = TorchScriptModel.Load(
            Copy("traced-dict"), new FunctionConfig(FrameworkType.SentenceTransformers, PoolingMode.None), Cpu);

        Assert.Equal([4f, 8f], Floats(model.Forward(TwoTokens, (_, _) => true)[0]));
    }

    [Fact]
    public void Forward_OneOutputCannotBeSent_LeavesTheOthersAsTheyAre()
    {
        var outputs = Run("dict-of-module");

        Assert.Equal(["complex", "sentence_embedding"], outputs.Select(output => output.Name));
        Assert.Equal(TensorType.Unknown, outputs[0].DataType);
        Assert.Equal([1, 2, 2], outputs[0].Shape);
        Assert.Empty(outputs[0].Data);
        Assert.Equal([4f, 8f], Floats(outputs[1]));
    }

    [Fact]
    public void Forward_DictToTuple_GivesNamelessOutputs()
    {
        var outputs = Run("dict-to-tuple");

        Assert.Equal([null, null], outputs.Select(output => output.Name));
        Assert.Equal([3f, 6f, 5f, 10f], Floats(outputs[0]));
        Assert.Equal([1, 2], outputs[1].Shape);
    }

    [Fact]
    public void Forward_DictWithDefault_GivesNamesBeyondAscii()
    {
        var outputs = Run("dict-with-default");

        Assert.Equal(["größe", "attention_mask"], outputs.Select(output => output.Name));
        Assert.Equal([6f, 10f], Floats(outputs[0]));
    }

    [Fact]
    public void Forward_TracedDict_GivesNames()
    {
        var outputs = Run("traced-dict");

        Assert.Equal(["sentence_embedding", "input_ids"], outputs.Select(output => output.Name));
        Assert.Equal([4f, 8f], Floats(outputs[0]));
    }

    [Fact]
    public void Forward_OutputsChangeWithTheInput_NamesFollow()
    {
        using var model = TorchScriptModel.Load(
            Copy("dict-changes"), new FunctionConfig(FrameworkType.SentenceTransformers), Cpu);

        foreach (var tokens in (int[][])[[1, 2], [1], [1, 2, 3], [1, 2, 3]])
        {
            var outputs = model.Forward(TokenBatches.Of(tokens), (_, _) => true);
            Assert.Equal(
                Enumerable.Range(0, tokens.Length).Select(i => i.ToString(CultureInfo.InvariantCulture)),
                outputs.Select(o => o.Name));
        }
    }

    [Fact]
    public void Forward_NumberInsteadOfTensor_Throws()
    {
        var config = new FunctionConfig(FrameworkType.HuggingfaceTransformers);
        using var model = TorchScriptModel.Load(Copy("positional-to-number"), config, Cpu);

        var error = Assert.Throws<InferenceException>(() => model.Forward(TwoTokens, (_, _) => true));

        Assert.Contains("no tensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_DictNeedsMore_IsRefused() => Assert.Throws<ModelFormatException>(
        () => CallableModule.Prepare(
            Copy("dict-needs-more"), CallForm.Of(FrameworkType.SentenceTransformers)));

    [Fact]
    public void Prepare_PositionalTensors_NeedsNoCopy()
    {
        var file = Copy("positional-to-tensor");

        Assert.Equal(file, CallableModule.Prepare(file, CallForm.Of(FrameworkType.HuggingfaceTransformers)).Path);
    }

    [Fact]
    public void Prepare_Dict_CopiesEveryOtherEntryUnchanged()
    {
        var file = Copy("traced-dict");

        using var original = ZipFile.OpenRead(file);
        using var prepared = ZipFile.OpenRead(
            CallableModule.Prepare(file, CallForm.Of(FrameworkType.SentenceTransformers)).Path);

        var copied =
            prepared.Entries.ToDictionary(entry => entry.FullName, entry => entry.Crc32, StringComparer.Ordinal);
        var kept =
            original.Entries.Where(entry => !entry.FullName.Contains("/code/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(kept);
        Assert.All(kept, entry => Assert.Equal(entry.Crc32, copied[entry.FullName]));
        Assert.All(prepared.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
    }

    [Fact]
    public void Prepare_ManyAtOnce_AllGetAWholeCopy()
    {
        var file = Copy("traced-dict");

        Parallel.For(0, 8, _ =>
        {
            using var model = TorchScriptModel.Load(
                file, new FunctionConfig(FrameworkType.SentenceTransformers), Cpu);
            Assert.Equal(2, model.Forward(TwoTokens, (_, _) => true).Count);
        });

        Assert.Equal(2, _folder.GetFiles().Length);
    }

    [Fact]
    public void Prepare_ArchiveWrittenByTodaysLibtorch_Works()
    {
        TorchRuntime.Start();
        var file = Path.Combine(_folder.FullName, "saved.pt");
        using (var module = torch.jit.load(Copy("traced-dict")))
        {
            torch.jit.save(module, file);
        }

        using var model = TorchScriptModel.Load(file, new FunctionConfig(FrameworkType.SentenceTransformers), Cpu);

        Assert.Equal([4f, 8f], Floats(model.Forward(TwoTokens, (_, _) => true)[0]));
    }

    private BatchOutput Embed(string form, FunctionConfig config)
    {
        using var model = TorchScriptModel.Load(Copy(form), config, Cpu);
        return Assert.Single(model.Forward(TwoTokens, (_, _) => true));
    }

    private IReadOnlyList<BatchOutput> Run(string form)
    {
        using var model = TorchScriptModel.Load(
            Copy(form), new FunctionConfig(FrameworkType.SentenceTransformers), Cpu);
        return model.Forward(TwoTokens, (_, _) => true);
    }

    private string Copy(string form)
    {
        var copy = Path.Combine(_folder.FullName, form + ".pt");
        File.Copy(Path.Combine(TestData.Root, "tests", "archives", "calling-forms", form + ".pt"), copy);
        return copy;
    }

    private static float[] Floats(BatchOutput output) => MemoryMarshal.Cast<byte, float>(output.Data).ToArray();
}
