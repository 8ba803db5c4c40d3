using System.Globalization;
using MlCluster.Inference.Archive;
using MlCluster.Inference.Onnx;
using MlCluster.Tests.Support.Onnx;

namespace MlCluster.Inference.Tests.Onnx;

[Collection(Alone.Name)]
public sealed class OnnxModelMemoryTests : IDisposable
{
    private const int Cycles = 10;
    private const int Rows = 100_000;
    private const int Width = 160;

    private readonly string _folder = Directory.CreateTempSubdirectory("mlcluster-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Dispose_AfterManyLoads_LeavesNoMemoryBehind()
    {
        var file = WriteModel();
        var fileBytes = new FileInfo(file).Length;
        LoadAndDispose(file);
        LoadAndDispose(file);
        var before = ResidentBytes();

        for (var i = 0; i < Cycles; i++)
        {
            LoadAndDispose(file);
        }

        var growth = ResidentBytes() - before;
        Assert.True(
            growth < fileBytes / 4, $"{Cycles} cycles of a file of {fileBytes} bytes left {growth} bytes behind");
    }

    private string WriteModel()
    {
        var file = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(
            file,
            new OnnxForge().Input("input_ids", OnnxForge.Int64, "b", "l").Input("attention_mask", OnnxForge.Int64, "b", "l")
                .Floats("table", [Rows, Width], new float[Rows * Width])
                .Node("Gather", ["table", "input_ids"], ["last_hidden_state"])
                .Output("last_hidden_state", OnnxForge.Float, "b", "l", Width)
                .Build());
        return file;
    }

    private static void LoadAndDispose(string file)
    {
        var config = new FunctionConfig(FrameworkType.HuggingfaceTransformers) { Format = ModelFormat.Onnx };
        using var model = OnnxModel.Load(file, config, new InferenceDevice("cpu", "test", MemoryBytes: null));
        model.Forward(TokenBatches.Of([1, 2, 3]), (_, _) => true);
    }

    private static long ResidentBytes()
    {
        // What the test itself made and dropped is not the engine's.
        GC.Collect();
        var line = File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(words[1], CultureInfo.InvariantCulture) * 1024;
    }
}
