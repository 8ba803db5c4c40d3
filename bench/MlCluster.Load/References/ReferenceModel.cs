using System.IO.Compression;
using System.Runtime.InteropServices;
using MlCluster.Inference;
using MlCluster.Inference.Batching;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Load.References;

/// <summary>The archive's model in this process: forwards with nothing around them.</summary>
internal sealed class ReferenceModel : IDisposable
{
    private const string Output = "sentence_embedding";

    private readonly TorchScriptModel _model;
    private readonly HuggingFaceTokenizer _tokenizer;
    private readonly int _maxLength;

    private ReferenceModel(string modelFile, TorchScriptModel model, HuggingFaceTokenizer tokenizer)
    {
        ModelFile = modelFile;
        _model = model;
        _tokenizer = tokenizer;
        _maxLength = tokenizer.InferenceMaxLength();
    }

    /// <summary>The unpacked TorchScript file.</summary>
    public string ModelFile { get; }

    public static ReferenceModel Load(LoadOptions options)
    {
        var folder = Directory.CreateDirectory(Path.Combine(options.Work, "reference")).FullName;
        ZipFile.ExtractToDirectory(options.Archive, folder, overwriteFiles: true);
        var file = Directory.EnumerateFiles(folder, "*.pt", SearchOption.AllDirectories).Single();
        var tokenizer = HuggingFaceTokenizer.Load(File.ReadAllBytes(Path.Combine(folder, "tokenizer.json")));
        var cpu = TorchRuntime.Start().Devices.First(device => device.Name == "cpu");
        var config = new FunctionConfig(FrameworkType.SentenceTransformers);
        return new ReferenceModel(file, TorchScriptModel.Load(file, config, cpu), tokenizer);
    }

    public int[] Encode(string text) => _tokenizer.EncodeIds(text, _maxLength);

    /// <summary>Documents of one length as one forward's input.</summary>
    public static TokenBatch Batch(IReadOnlyList<int[]> rows)
    {
        var width = rows[0].Length;
        var mask = new long[rows.Count * width];
        Array.Fill(mask, 1);
        return new TokenBatch(
            rows.Count,
            width,
            [.. rows.SelectMany(row => row).Select(id => (long)id)],
            mask,
            [.. rows.Select(row => row.Length)]);
    }

    /// <summary>Runs a forward and copies the vectors out.</summary>
    public ReadOnlySpan<float> Forward(TokenBatch batch)
    {
        var outputs = _model.Forward(batch, static (name, _) => name == Output);
        foreach (var output in outputs)
        {
            if (output.Name == Output)
            {
                return MemoryMarshal.Cast<byte, float>(output.Data);
            }
        }

        throw new LoadException($"the archive's model has no output named {Output}");
    }

    public void Dispose() => _model.Dispose();
}
