using BenchmarkDotNet.Attributes;
using MlCluster.Inference;
using MlCluster.Inference.Batching;

namespace MlCluster.Benchmarks;

/// <summary>One forward of all-MiniLM-L6-v2 on one thread, its vectors copied out.</summary>
public class ForwardBenchmarks
{
    // [CLS], [SEP] and an ordinary word of BERT's uncased vocabulary.
    private const int Cls = 101;
    private const int Sep = 102;
    private const int Word = 2154;

    private string _folder = "";
    private TorchScriptModel _model = null!;
    private TokenBatch _batch = null!;

    /// <summary>Documents × tokens of each.</summary>
    [Params("1x5", "1x16", "1x48", "1x128", "8x16", "64x16", "8x128")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("mlcluster-bench-").FullName;
        var file = Path.Combine(_folder, "model.pt");
        File.WriteAllBytes(file, Archive.Read(".pt"));
        var cpu = TorchRuntime.Start().Devices.First(device => device.Name == "cpu");
        _model = TorchScriptModel.Load(file, new FunctionConfig(FrameworkType.SentenceTransformers), cpu);
        _batch = Batch(Shape.Split('x'));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public int Forward() => _model.Forward(_batch, static (name, _) => name == "sentence_embedding").Count;

    private static TokenBatch Batch(string[] shape)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        var (rows, width) = (int.Parse(shape[0], culture), int.Parse(shape[1], culture));
        long[] row = [Cls, .. Enumerable.Repeat((long)Word, width - 2), Sep];
        var mask = new long[rows * width];
        Array.Fill(mask, 1);
        return new TokenBatch(
            rows,
            width,
            [.. Enumerable.Repeat(row, rows).SelectMany(ids => ids)],
            mask,
            [.. Enumerable.Repeat(width, rows)]);
    }
}
