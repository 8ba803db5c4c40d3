using MlCluster.Inference;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Ml.Content;
using MlCluster.Node.Ml.Rehearsal;

namespace MlCluster.Node.Tests.Ml.Fakes;

/// <summary>Everything a load touches, played by the test; counts what was asked of it.</summary>
internal sealed class FakeEngine : IModelRuntime, IRehearser, IContentUnpacker, IChunkSource
{
    public static readonly RehearsalReport Report = new(
        BatchingMode.EqualLength, [new OutputInfo("sentence_embedding", TensorType.Float32, false, 4)]);

    public byte[] Archive { get; set; } = [1, 2, 3];

    public FakeServedModel Served { get; } = new();

    public int Reads { get; private set; }

    public int Rehearsals { get; private set; }

    public int Loads { get; private set; }

    public Exception? RehearsalFailure { get; set; }

    public Exception? LoadFailure { get; set; }

    /// <summary>A rehearsal waits for it; its cancellation ends the wait.</summary>
    public Task RehearseAfter { get; set; } = Task.CompletedTask;

    /// <summary>Runs within each load, on its thread.</summary>
    public Action OnLoad { get; set; } = () => { };

    /// <summary>What the content takes; null: what the archive takes.</summary>
    public ContentSize? Size { get; set; }

    public int Unpackings { get; private set; }

    public IReadOnlyList<InferenceDevice> Devices { get; } = [new("cpu", "test", null)];

    public RehearsalReport Rehearse(ModelPackage package) => Report;

    public IServedModel Load(
        ModelPackage package, RehearsalReport rehearsal, InferenceDevice device, ServingOptions options)
    {
        Loads++;
        OnLoad();
        return LoadFailure is { } failure ? throw failure : Served;
    }

    public async Task<RehearsalReport> RehearseAsync(ModelPackage package, CancellationToken cancellationToken)
    {
        Rehearsals++;
        await RehearseAfter.WaitAsync(cancellationToken);
        return RehearsalFailure is { } failure ? throw failure : Report;
    }

    public ContentSize Measure(string archiveFile)
    {
        var bytes = new FileInfo(archiveFile).Length;
        return Size ?? new ContentSize(bytes, bytes);
    }

    public UnpackedFiles Unpack(string archiveFile, string folder, CancellationToken cancellationToken)
    {
        Unpackings++;
        Directory.CreateDirectory(folder);
        var files = new UnpackedFiles(Path.Combine(folder, "model.pt"), Path.Combine(folder, "tokenizer.json"));
        File.Copy(archiveFile, files.ModelFile!);
        File.WriteAllText(files.TokenizerFile, """{"truncation":{"max_length":128}}""");
        return files;
    }

    public Task<byte[]> ReadAsync(ModelId model, ChunkRef chunk, CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult(Archive);
    }
}
