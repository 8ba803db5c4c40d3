using Microsoft.Extensions.Logging.Abstractions;
using MlCluster.Inference;

namespace MlCluster.Node.Ml.Rehearsal;

/// <summary>Rehearses in a child process: a hostile or broken model kills that and never the node.</summary>
internal sealed class RehearsalProcess(
    RehearsalOptions options, TorchRuntimeOptions engine, NodeProgram program, string tempFolder, TimeProvider time)
    : IRehearser, IDisposable
{
    private readonly SemaphoreSlim _room = new(options.MaxConcurrent);

    /// <summary>Hears of folders that stay behind.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <inheritdoc />
    public async Task<RehearsalReport> RehearseAsync(ModelPackage package, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        try
        {
            return await RehearseInFolderAsync(package, cancellationToken);
        }
        finally
        {
            _room.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _room.Dispose();

    private async Task<RehearsalReport> RehearseInFolderAsync(
        ModelPackage package, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(tempFolder, $"rehearsal-{Guid.NewGuid():N}")).FullName;
        try
        {
            return await RehearseInAsync(folder, package, cancellationToken);
        }
        finally
        {
            Remove(folder);
        }
    }

    // The verdict stands: thrown from here, a failure would count as one that may pass, and a hostile model be tried
    // again and again. The next start of the node empties the temporary folder.
    private void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.LogWarning(e, "{Folder} of a rehearsal stays until the node starts again", folder);
        }
    }

    private async Task<RehearsalReport> RehearseInAsync(
        string folder, ModelPackage package, CancellationToken cancellationToken)
    {
        var memoryLimit = options.MemoryLimitBytes(
            package.ModelFile is { } model ? new FileInfo(model).Length : 0);
        var resultFile = Path.Combine(folder, "result.json");
        var jobFile = Path.Combine(folder, "job.json");
        new RehearsalJob(package, engine, memoryLimit, options.Timeout, resultFile).Write(jobFile);
        await using var child = RehearsalChild.Start(program, jobFile, folder);
        var end = await child.WatchAsync(options, memoryLimit, time, cancellationToken);
        return RehearsalVerdict.Judge(end, RehearsalResult.TryRead(resultFile));
    }
}
