using System.Globalization;

namespace MlCluster.Inference.Tests;

[Collection(Alone.Name)]
public sealed class TorchScriptModelMemoryTests
{
    private const int Cycles = 10;
    private static readonly InferenceDevice Cpu = new("cpu", "test", MemoryBytes: null);

    [SkippableTheory]
    [InlineData("sentence-transformer", FrameworkType.SentenceTransformers)]
    [InlineData("huggingface", FrameworkType.HuggingfaceTransformers)]
    public void Dispose_AfterManyLoads_LeavesNoMemoryBehind(string kind, FrameworkType framework)
    {
        using var archive = new UnpackedArchive(
            TestData.Shared("models", $"all-MiniLM-L6-v2_torchscript_{kind}.zip"));
        var fileBytes = new FileInfo(archive.ModelFile).Length;
        LoadAndDispose(archive.ModelFile, framework);
        LoadAndDispose(archive.ModelFile, framework);
        var before = ResidentBytes();

        for (var i = 0; i < Cycles; i++)
        {
            LoadAndDispose(archive.ModelFile, framework);
        }

        var growth = ResidentBytes() - before;
        Assert.True(
            growth < fileBytes / 10,
            $"{Cycles} cycles of a file of {fileBytes} bytes left {growth} bytes behind");
    }

    private static void LoadAndDispose(string modelFile, FrameworkType framework)
    {
        using var model = TorchScriptModel.Load(modelFile, new FunctionConfig(framework), Cpu);
        model.Forward(TokenBatches.Of([101, 2651, 2003, 11559, 102]), (_, _) => true);
    }

    private static long ResidentBytes()
    {
        var line = File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(words[1], CultureInfo.InvariantCulture) * 1024;
    }
}
