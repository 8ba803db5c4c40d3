using MlCluster.Inference;
using MlCluster.Inference.Archive;
using MlCluster.Messages.Loading;
using MlCluster.Node.Ml.Content;

namespace MlCluster.Node.Ml.Loading;

/// <summary>The long steps of one load, each awaited off the actor; holds the content until disposed.</summary>
internal sealed class LoadWork : IDisposable
{
    private readonly LoadModel _command;
    private readonly LoaderServices _services;
    private readonly IDisposable _use;
    private IDisposable? _gate;
    private bool _disposed;
    private string? _archiveFile;

    public LoadWork(LoadModel command, LoaderServices services)
    {
        _command = command;
        _services = services;
        _use = services.Cache.Use(command.Sha256);
    }

    /// <summary>Finds the content in the cache, or writes the archive to disk.</summary>
    public async Task<OpenedContent> OpenAsync(Action<float> progress, CancellationToken cancellationToken)
    {
        // Refused before a byte is read.
        _ = ModelSpecReader.Read(_command.Spec);
        _gate = await _services.Cache.EnterAsync(_command.Sha256, cancellationToken);
        if (Volatile.Read(ref _disposed))
        {
            // Granted to nobody: the load was given up in the same moment.
            ReleaseGate();
            throw new OperationCanceledException(cancellationToken);
        }

        if (await Task.Run(() => _services.Cache.Find(_command.Sha256), cancellationToken) is { } content)
        {
            var modelBytes = content.ModelFile is { } model ? new FileInfo(model).Length : 0;
            return new OpenedContent(content, null, new ContentSize(modelBytes, UnpackedBytes: 0), FreeDiskBytes: null);
        }

        var archive = await _services.Fetcher.FetchAsync(_command, progress, cancellationToken);
        _archiveFile = archive;
        if (Volatile.Read(ref _disposed))
        {
            File.Delete(archive);
            throw new OperationCanceledException(cancellationToken);
        }

        return await Task.Run(() => Measured(archive), cancellationToken);
    }

    /// <summary>Takes the archive apart into the cache and removes it.</summary>
    public Task<CachedContent> UnpackAsync(string archiveFile, CancellationToken cancellationToken) =>
        Task.Run(() => Unpack(archiveFile, cancellationToken), cancellationToken);

    /// <summary>Rehearses the content, unless that was done before.</summary>
    public async Task<RehearsedPackage> RehearseAsync(CachedContent content, CancellationToken cancellationToken)
    {
        var config = ModelSpecReader.Read(_command.Spec);
        if (config.Function != FunctionKind.SparseTokenize
            && ModelFormats.Problem(config.Format, Path.GetFileName(content.ModelFile)) is { } problem)
        {
            throw new LoadRefusedException(problem);
        }

        var package = new ModelPackage(content.ModelFile, content.TokenizerFile, config);
        var report = _services.Rehearsals.Find(content.Folder, config);
        if (report is null)
        {
            report = await _services.Rehearser.RehearseAsync(package, cancellationToken);
            _services.Rehearsals.Save(content.Folder, config, report);
        }

        ReleaseGate();
        return new RehearsedPackage(package, report);
    }

    /// <summary>Puts the model on the preferred device; it is warm afterwards.</summary>
    /// <remarks>
    /// Nothing interrupts native code: once it has begun, a load that was cancelled ends like any other, so that who
    /// waits for it knows when its memory is free.
    /// </remarks>
    /// <exception cref="TimeoutException">The thread hangs; whatever comes of it later is disposed.</exception>
    public async Task<IServedModel> LoadAsync(RehearsedPackage rehearsed, CancellationToken cancellationToken)
    {
        var runtime = await _services.Runtime.GetAsync()
            .WaitAsync(_services.Options.LoadTimeout, _services.Time, cancellationToken);
        var load = DedicatedThread.RunAsync(
            $"load {_command.ModelId}",
            () => runtime.Load(
                rehearsed.Package, rehearsed.Report, runtime.Devices[0], _services.Options.Serving));
        try
        {
            return await load.WaitAsync(_services.Options.LoadTimeout, _services.Time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            _ = DisposeLateAsync(load);
            throw;
        }
    }

    /// <summary>Asks for one answer: the whole path works, from text to numbers.</summary>
    /// <remarks>Not of a model that remembers its forwards: the first one is a client's.</remarks>
    public Task WarmAsync(IServedModel served, CancellationToken cancellationToken) =>
        served.Batching == BatchingMode.Exclusive
            ? Task.CompletedTask
            : served.PredictAsync(
                PredictionInput.WarmUp(ModelSpecReader.Read(_command.Spec)), OutputFilter.All, cancellationToken);

    /// <inheritdoc />
    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        ReleaseGate();
        _use.Dispose();
        if (_archiveFile is not null)
        {
            File.Delete(_archiveFile);
        }
    }

    private OpenedContent Measured(string archiveFile) =>
        new(null, archiveFile, _services.Unpacker.Measure(archiveFile), _services.FreeDiskBytes());

    private CachedContent Unpack(string archiveFile, CancellationToken cancellationToken)
    {
        var folder = archiveFile + ".d";
        try
        {
            var files = _services.Unpacker.Unpack(archiveFile, folder, cancellationToken);
            return _services.Cache.Adopt(_command.Sha256, folder, files.ModelFile, files.TokenizerFile);
        }
        finally
        {
            File.Delete(archiveFile);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task DisposeLateAsync(Task<IServedModel> load)
    {
        await using var late = await load;
    }

    private void ReleaseGate() => Interlocked.Exchange(ref _gate, null)?.Dispose();
}

/// <summary>Either content that is ready or the file of an archive that is to be unpacked.</summary>
/// <param name="Size">What it takes.</param>
/// <param name="FreeDiskBytes">Of the disk that an archive is unpacked to; null: nobody knows.</param>
internal sealed record OpenedContent(
    CachedContent? Content, string? ArchiveFile, ContentSize Size, long? FreeDiskBytes);

/// <summary>A model that may be loaded into this process.</summary>
internal sealed record RehearsedPackage(ModelPackage Package, RehearsalReport Report);
