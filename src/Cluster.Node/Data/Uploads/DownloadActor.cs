using System.Globalization;
using Akka.Actor;
using Akka.Event;
using MlCluster.Messages.Models;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Data.Pretrained;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Data.Uploads;

/// <summary>
/// Child of a model's entity: one download, from where it lies into the chunk writer. Of a pretrained model it first
/// tells the parent what the repository says. Ends with its word to the parent.
/// </summary>
/// <remarks>
/// A new one needs a place among the node's downloads at once. One that began before, and moved here with its model from
/// a node that is gone, was acknowledged: it waits for a place.
/// </remarks>
internal sealed class DownloadActor : ReceiveActor, IWithTimers, IDisposable
{
    private static readonly TimeSpan SlotPoll = TimeSpan.FromSeconds(1);

    private static readonly DownloadEnded WriterLost =
        new(null, "the chunks could not be written; see the node's log") { MayBeginAgain = true };

    private readonly DownloadSetup _setup;
    private readonly DownloadOrder _order;
    private readonly IActorRef _writer;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stop = new();
    private bool _hasSlot;

    public DownloadActor(DownloadSetup setup, DownloadOrder order, IActorRef writer)
    {
        _setup = setup;
        _order = order;
        _writer = writer;
        Receive<DownloadEnded>(OnEnded);
        Receive<LookForSlot>(_ => OnLookForSlot());
        // A chunk that was on its way to the writer is never answered then.
        Receive<Terminated>(_ => OnEnded(WriterLost));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(DownloadSetup setup, DownloadOrder order, IActorRef writer) =>
        Akka.Actor.Props.Create(() => new DownloadActor(setup, order, writer));

    /// <inheritdoc />
    public void Dispose() => _stop.Dispose();

    /// <inheritdoc />
    protected override void PreStart()
    {
        Context.Watch(_writer);
        if (Begins())
        {
            return;
        }

        if (_order.BeganBefore)
        {
            Timers.StartPeriodicTimer(nameof(LookForSlot), LookForSlot.Instance, SlotPoll);
        }
        else
        {
            Self.Tell(new DownloadEnded(null, NoSlot(_setup.Slots.Capacity)));
        }
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        _stop.Cancel();
        if (_hasSlot)
        {
            _setup.Slots.Free();
            _setup.Running.Leave();
        }
    }

    private bool Begins()
    {
        _hasSlot = _setup.Slots.TryTake();
        if (_hasSlot)
        {
            _setup.Running.Enter();
            _ = RunAsync(Context.Parent, _stop.Token).PipeTo(Self);
        }

        return _hasSlot;
    }

    private void OnLookForSlot()
    {
        if (Begins())
        {
            Timers.Cancel(nameof(LookForSlot));
        }
        else if (_setup.Slots.Capacity > 0)
        {
            // Those that run come to an end: it is not stuck.
            Context.Parent.Tell(DownloadWaits.Instance);
        }
    }

    private static string NoSlot(int capacity) => string.Create(
        CultureInfo.InvariantCulture,
        $"exceed max running task limit: {capacity} downloads run on this node; register the model again when one has "
        + $"ended, or raise plugins.ml_commons.max_register_model_tasks_per_node");

    private void OnEnded(DownloadEnded ended)
    {
        Context.Parent.Tell(ended);
        Context.Stop(Self);
    }

    private async Task<DownloadEnded> RunAsync(IActorRef model, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await OpenAsync(model, cancellationToken);
            var sink = new WriterSink(_writer, cancellationToken);
            var pump = new UploadPump(_setup.Buffers, sink, _setup.LiveLimits, _setup.Time);
            var downloaded = await pump.RunAsync(
                content, bytes => model.Tell(new DownloadProgressed(bytes, content.LengthBytes)), cancellationToken);
            return new DownloadEnded(downloaded, null);
        }
        catch (ChunkUnwrittenException e)
        {
            return new DownloadEnded(null, e.Message) { MayBeginAgain = true };
        }
        catch (Exception e)
        {
            // Whatever it was, the task tells it and its end is logged; where it came from is for those who search.
            _log.Debug("Download of {0} ended: {1}", _order, e);
            return new DownloadEnded(null, e.Message);
        }
    }

    private async Task<RemoteContent> OpenAsync(IActorRef model, CancellationToken cancellationToken)
    {
        if (!_order.IsPretrained)
        {
            return await _setup.Fetcher.OpenAsync(_order.Url, cancellationToken);
        }

        // Another data node may have taken the order.
        var repository = _setup.Repository
            ?? throw new DownloadException(RegistrationDecisions.NoRepository);
        var found = await repository.FindAsync(_order.Spec, cancellationToken);
        Refuse(ContentRules.HashProblem(_order.Sha256, found.Sha256));
        model.Tell(found);
        return await repository.OpenArchiveAsync(_order.Spec, cancellationToken);
    }

    private static void Refuse(string? reason)
    {
        if (reason is not null)
        {
            throw new DownloadException(reason);
        }
    }

    private sealed record LookForSlot : INoSerializationVerificationNeeded
    {
        public static LookForSlot Instance { get; } = new();
    }

    private sealed class WriterSink(IActorRef writer, CancellationToken stop) : IChunkSink
    {
        public async Task StoreAsync(int number, ChunkBuffers.Lease lease, int lengthBytes, string sha256)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            writer.Tell(new WriteChunk(number, lease, lengthBytes, sha256, done));
            try
            {
                await done.Task.WaitAsync(stop);
            }
            catch
            {
                lease.Abandon();
                throw;
            }
        }
    }
}

/// <summary>What is to be fetched.</summary>
/// <param name="Url">Empty: the pretrained model that <paramref name="Spec"/> names.</param>
/// <param name="Sha256">What the client expects; null: nothing.</param>
internal sealed record DownloadOrder(string Url, ModelSpec Spec, string? Sha256)
{
    public bool IsPretrained => Url.Length == 0;

    /// <summary>True: an earlier attempt was cut off by the end of its node, or its model moved.</summary>
    public bool BeganBefore { get; init; }

    /// <summary>What it is called in the log.</summary>
    public override string ToString() =>
        IsPretrained ? $"pretrained model {Spec.Name}, version {Spec.Version}, format {Spec.ModelFormat}" : Url;
}

/// <summary>What downloads of a node share.</summary>
internal sealed record DownloadSetup(
    UrlFetcher Fetcher, ChunkBuffers Buffers, UploadSlots Slots, PumpLimits Limits, TimeProvider Time)
{
    /// <summary>Counts those under way.</summary>
    public required RunningCount Running { get; init; }

    /// <summary>Settings of the cluster; the node's own configuration holds where none is set.</summary>
    public IClusterSettings Settings { get; init; } = NoSettings.Instance;

    /// <summary>Where pretrained models come from; null: nowhere.</summary>
    public ModelRepository? Repository { get; init; }

    /// <summary>Limits as they are now.</summary>
    public PumpLimits LiveLimits => Limits with { Stall = Settings.Current.TaskTimeout(Limits.Stall) };
}

/// <summary>So many bytes have come.</summary>
/// <param name="OfBytes">Null: unknown.</param>
internal sealed record DownloadProgressed(long Bytes, long? OfBytes) : INoSerializationVerificationNeeded;

/// <summary>It waits for others to end.</summary>
internal sealed record DownloadWaits : INoSerializationVerificationNeeded
{
    public static DownloadWaits Instance { get; } = new();
}

/// <summary>The download is over.</summary>
/// <param name="Content">Null: it failed.</param>
/// <param name="Error">Why.</param>
internal sealed record DownloadEnded(Downloaded? Content, string? Error) : INoSerializationVerificationNeeded
{
    /// <summary>True when the journal failed and nothing else: it is to begin again when the journal is back.</summary>
    public bool MayBeginAgain { get; init; }
}
