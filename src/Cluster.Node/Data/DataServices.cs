using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Data.Journals;
using MlCluster.Node.Data.Models;
using MlCluster.Node.Data.Pretrained;
using MlCluster.Node.Data.Uploads;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Pretrained;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Domain.Uploads;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Data;

/// <summary>What the entities of a data node share, made once.</summary>
internal sealed class DataServices(
    NodeContext context, DataOptions options, IChunkSource chunks, UrlPolicy policy, IArchiveCheck archiveCheck,
    JournalRows rows, IClusterSettings settings)
    : IDisposable
{
    private readonly UrlFetcher _fetcher = new(
        () => policy.With(settings.Current), options.Uploads.ConnectTimeout, options.Uploads.SilenceTimeout);

    private readonly UrlFetcher _repositoryFetcher = new(
        () => RepositoryPolicy(policy.With(settings.Current), options.Repository.Address),
        options.Uploads.ConnectTimeout,
        options.Uploads.SilenceTimeout);

    private readonly ChunkBuffers _buffers = new(
        options.Uploads.Buffers, options.Uploads.RetainedBuffers, options.Limits.MaxChunkBytes);

    private readonly UploadSlots _slots = new(() => settings.Current.Downloads(options.Uploads.MaxConcurrent));

    public ModelServices For(Akka.Actor.IActorRef tasks, IClusterViewSource views) => new(
        context.NodeId,
        options,
        context.Time,
        views,
        tasks,
        FreeDiskBytes,
        new ContentCheck(chunks, archiveCheck),
        new DownloadSetup(
            _fetcher,
            _buffers,
            _slots,
            new PumpLimits(options.Limits.MaxModelBytes, options.Uploads.SilenceTimeout, options.Limits.TaskTimeout),
            context.Time)
        {
            Settings = settings,
            Running = context.Metrics.Downloads,
            Repository = RepositoryOrNone(),
        },
        rows)
    {
        Metrics = context.Metrics,
        Settings = settings,
    };

    private ModelRepository? RepositoryOrNone() => options.Repository.Address is { } address
        ? new ModelRepository(
            address, options.Repository.ListPath, _repositoryFetcher, options.Uploads.SilenceTimeout, context.Time)
        : null;

    // A folder is the operator's own choice, as --allow-files is, and for nothing else than pretrained models.
    private static UrlPolicy RepositoryPolicy(UrlPolicy uploads, RepositoryAddress? address) =>
        address?.Folder is { } folder
            ? new UrlPolicy(
                TrustedUrlPattern.Compile(TrustedUrlPattern.Default),
                uploads.AllowPrivateNetworks,
                [RealPath.Resolve(folder)])
            : uploads with { FileFolders = [] };

    // What a server of its own has left is not known here.
    private long? FreeDiskBytes() => context.Options.Database.Postgres is null
        ? FreeDisk.BytesAt(context.Options.Database.SqliteFolder ?? context.Options.DataDirectory)
        : null;

    /// <inheritdoc />
    public void Dispose()
    {
        _fetcher.Dispose();
        _repositoryFetcher.Dispose();
        _buffers.Dispose();
    }
}
