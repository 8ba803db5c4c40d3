using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using MlCluster.Messages;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Data.Chunks;

/// <summary>
/// Child of a model's entity: appends its chunks, one row each, to a journal of their own. Which row is which chunk is
/// the model's to know, so nothing is read back at start. A chunk is answered when its bytes and the model's word on
/// them are durable.
/// </summary>
internal sealed class ChunkWriterActor : JournaledActor, IWithTimers
{
    private readonly ModelId _model;
    private readonly ChunkWriterSetup _setup;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ChunkUploads _uploads;
    private readonly Dictionary<long, ArrivedChunk> _arrived = [];
    private long _lastOffer;
    private ArrivedChunk? _writing;

    public ChunkWriterActor(ModelId model, ChunkWriterSetup setup)
    {
        _model = model;
        _setup = setup;
        _uploads = new ChunkUploads(model, setup);
        JournalPluginId = ChunkIds.Journal;
        Command<ChunkSegment>(OnSegment);
        Command<WriteChunk>(OnDownloaded);
        Command<ChunkOffered>(OnOffered);
        Command<ChunkRecorded>(OnRecorded);
        Command<PurgeChunks>(_ => OnPurge());
        Command<DeleteMessagesSuccess>(_ => Context.Parent.Tell(new ChunksPurged(null)));
        Command<DeleteMessagesFailure>(failure => Context.Parent.Tell(new ChunksPurged(failure.Cause)));
        Command<Sweep>(_ => _uploads.Sweep());
    }

    /// <inheritdoc />
    public override string PersistenceId => ChunkIds.Of(_model);

    /// <inheritdoc />
    public override Recovery Recovery => Recovery.None;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ModelId model, ChunkWriterSetup setup) =>
        Akka.Actor.Props.Create(() => new ChunkWriterActor(model, setup));

    protected override void PreStart()
    {
        base.PreStart();
        Timers.StartPeriodicTimer(nameof(Sweep), Sweep.Instance, _setup.SegmentTimeout / 4);
    }

    protected override void PostStop()
    {
        _uploads.Stop();
        foreach (var chunk in _arrived.Values)
        {
            chunk.Lease.Abandon();
            chunk.End(ChunkErrors.Interrupted);
        }

        base.PostStop();
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _log.Error("A chunk of model {0}: {1}", _model, Unwritten(cause).Reason);
        OnUnwritten(cause);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        _log.Error(cause, "A chunk of model {0} was refused by the journal", _model);
        OnUnwritten(cause);
    }

    protected override IClusterProtocol Refusal(ProtocolError error) => new ModelRejected(_model, error);

    private void OnSegment(ChunkSegment segment)
    {
        if (_uploads.Take(segment, Sender) is { } chunk)
        {
            Offer(chunk);
        }
    }

    private void OnDownloaded(WriteChunk chunk)
    {
        var done = chunk.Done;
        Offer(new ArrivedChunk(chunk.Number, chunk.Lease, chunk.LengthBytes, Downloaded: true, e => End(done, e))
        {
            Sha256 = chunk.Sha256,
        });
    }

    private static void End(TaskCompletionSource done, ProtocolError? error)
    {
        if (error is null)
        {
            done.TrySetResult();
        }
        else
        {
            done.TrySetException(error.Code == ErrorCode.Unavailable
                ? new ChunkUnwrittenException(error.Reason)
                : new IOException(error.Reason));
        }
    }

    private void Offer(ArrivedChunk chunk)
    {
        _arrived.Add(++_lastOffer, chunk);
        Context.Parent.Tell(
            new OfferChunk(_lastOffer, chunk.Number, chunk.LengthBytes, chunk.Sha256, chunk.Downloaded));
    }

    private void OnOffered(ChunkOffered offered)
    {
        if (!_arrived.TryGetValue(offered.Offer, out var chunk))
        {
            return;
        }

        if (offered.Verdict.Store)
        {
            Write(offered.Offer, chunk);
            return;
        }

        _arrived.Remove(offered.Offer);
        chunk.Lease.Return();
        chunk.End(offered.Verdict.Error);
    }

    private void Write(long offer, ArrivedChunk chunk)
    {
        _writing = chunk;
        Persist(chunk.Payload(), written =>
        {
            _writing = null;
            Context.Parent.Tell(new ChunkWritten(
                offer, new ChunkRef(chunk.Number, LastSequenceNr, written.Length, chunk.Sha256)));
            chunk.Lease.Return();
        });
    }

    private void OnRecorded(ChunkRecorded recorded)
    {
        if (_arrived.Remove(recorded.Offer, out var chunk))
        {
            chunk.End(recorded.Error);
        }
    }

    // The last row stays in the table with its payload, so it must be an empty one.
    private void OnPurge()
    {
        if (LastSequenceNr == 0)
        {
            Context.Parent.Tell(new ChunksPurged(null));
            return;
        }

        Persist(Array.Empty<byte>(), _ => DeleteMessages(LastSequenceNr));
    }

    private void OnUnwritten(Exception cause)
    {
        if (_writing is { } chunk)
        {
            _writing = null;
            _arrived.Where(a => a.Value == chunk).Select(a => a.Key).ToList().ForEach(k => _arrived.Remove(k));
            chunk.Lease.Abandon();
            chunk.End(ChunkErrors.NotWritten(cause));
        }
    }

    private sealed record Sweep : INotInfluenceReceiveTimeout, INoSerializationVerificationNeeded
    {
        public static Sweep Instance { get; } = new();
    }
}

/// <summary>What a writer needs.</summary>
/// <param name="ChunksAtOnce">Chunks of one model on their way at the same time.</param>
/// <param name="SegmentTimeout">A chunk that stopped half-way is forgotten after so long.</param>
internal sealed record ChunkWriterSetup(
    ChunkBuffers Buffers, int ChunksAtOnce, TimeSpan SegmentTimeout, TimeProvider Time);
