using System.Buffers;
using BenchmarkDotNet.Attributes;
using MlCluster.Messages.Inference;
using MlCluster.Node.Gateway.Tensors;

namespace MlCluster.Benchmarks;

/// <summary>Vectors of 384 floats as the gateway writes them.</summary>
public class JsonBenchmarks
{
    private const int Dimension = 384;
    private const int Seed = 5;

    private readonly ArrayBufferWriter<byte> _output = new(1 << 20);
    private readonly TensorWriter _numbers = new(withNumbers: true, withBytes: false);
    private readonly TensorWriter _bytes = new(withNumbers: false, withBytes: true);
    private DocumentTensors[] _documents = [];

    /// <summary>Documents of one answer.</summary>
    [Params(1, 32)]
    public int Documents { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(Seed);
        _documents = [.. Enumerable.Range(0, Documents).Select(_ => Document(random))];
    }

    [Benchmark]
    public int Numbers() => Write(_numbers);

    [Benchmark]
    public int Base64() => Write(_bytes);

    private static DocumentTensors Document(Random random)
    {
        // As normalised vectors have them: about 1 ÷ √384 each.
        float[] vector = [.. Enumerable.Range(0, Dimension).Select(_ => (random.NextSingle() - 0.5f) / 10)];
        var data = System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(vector).ToArray();
        return new DocumentTensors([new TensorPayload("sentence_embedding", TensorDataType.Float32, [Dimension], data)]);
    }

    private int Write(TensorWriter writer)
    {
        _output.ResetWrittenCount();
        foreach (var document in _documents)
        {
            writer.WriteDocument(document, _output);
        }

        return _output.WrittenCount;
    }
}
