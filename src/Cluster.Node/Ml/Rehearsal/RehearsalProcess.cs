using MlCluster.Inference;

namespace MlCluster.Node.Ml.Rehearsal;

/// <summary>Rehearses in a child process: a hostile or broken model kills that and never the node.</summary>
internal sealed class RehearsalProcess(
    RehearsalOptions options, TorchRuntimeOptions engine, NodeProgram program, string tempFolder, TimeProvider time)
    : IRehearser, IDisposable
{
    private readonly SemaphoreSlim _room = new(options.MaxConcurrent);

    /// <inheritdoc />
    public async Task<RehearsalReport> RehearseAsync(ModelPackage package, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        var folder = Directory.CreateDirectory(Path.Combine(tempFolder, $"rehearsal-{Guid.NewGuid():N}")).FullName;
        try
        {
            return await RehearseInAsync(folder, package, cancellationToken);
        }
        finally
        {
            _room.Release();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _room.Dispose();

    private async Task<RehearsalReport> RehearseInAsync(
        string folder, ModelPackage package, CancellationToken cancellationToken)
    {
        var memoryLimit = options.MemoryLimitBytes(new FileInfo(package.ModelFile).Length);
        var resultFile = Path.Combine(folder, "result.json");
        var jobFile = Path.Combine(folder, "job.json");
        new RehearsalJob(package, engine, memoryLimit, options.Timeout, resultFile).Write(jobFile);
        using var child = RehearsalChild.Start(program, jobFile, folder);
        var end = await child.WatchAsync(options, memoryLimit, time, cancellationToken);
        return RehearsalVerdict.Judge(end, RehearsalResult.TryRead(resultFile));
    }
}
