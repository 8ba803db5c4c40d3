using System.Security.Cryptography;
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
internal sealed class ChunkWriterActor : ReceivePersistentActor, IWithTimers
{
    private const int RememberedUploads = 16;

    private readonly ModelId _model;
    private readonly ChunkWriterSetup _setup;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<CommandId, ChunkAssembly> _assemblies = [];
    private readonly Dictionary<CommandId, IActorRef> _uploaders = [];
    private readonly Dictionary<long, ArrivedChunk> _arrived = [];
    private readonly Queue<CommandId> _accepted = [];
    private long _lastOffer;
    private ArrivedChunk? _writing;

    public ChunkWriterActor(ModelId model, ChunkWriterSetup setup)
    {
        _model = model;
        _setup = setup;
        JournalPluginId = ChunkIds.Journal;
        Command<ChunkSegment>(OnSegment);
        Command<WriteChunk>(OnDownloaded);
        Command<ChunkOffered>(OnOffered);
        Command<ChunkRecorded>(OnRecorded);
        Command<PurgeChunks>(_ => OnPurge());
        Command<DeleteMessagesSuccess>(_ => Context.Parent.Tell(new ChunksPurged(null)));
        Command<DeleteMessagesFailure>(failure => Context.Parent.Tell(new ChunksPurged(failure.Cause)));
        Command<Sweep>(_ => OnSweep());
    }

    /// <inheritdoc />
    public override string PersistenceId => ChunkIds.Of(_model);

    /// <inheritdoc />
    public override Recovery Recovery => Recovery.None;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ModelId model, ChunkWriterSetup setup) =>
        Akka.Actor.Props.Create(() => new ChunkWriterActor(model, setup));

    /// <inheritdoc />
    protected override void PreStart()
    {
        base.PreStart();
        Timers.StartPeriodicTimer(nameof(Sweep), Sweep.Instance, _setup.SegmentTimeout / 4);
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        foreach (var assembly in _assemblies.Values.Where(a => !a.IsWhole))
        {
            assembly.Lease.Return();
        }

        foreach (var chunk in _arrived.Values)
        {
            chunk.Lease.Abandon();
            chunk.End(ChunkErrors.Interrupted);
        }

        base.PostStop();
    }

    /// <inheritdoc />
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _log.Error(cause, "A chunk of model {0} could not be written", _model);
        Unwritten(cause);
    }

    /// <inheritdoc />
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        _log.Error(cause, "A chunk of model {0} was refused by the journal", _model);
        Unwritten(cause);
    }

    private void OnSegment(ChunkSegment segment)
    {
        var upload = segment.UploadId;
        if (_accepted.Contains(upload))
        {
            Sender.Tell(new ChunkAccepted(_model, upload, segment.ChunkNumber));
            return;
        }

        var error = Find(segment, out var assembly) ?? assembly!.Take(segment, Now());
        if (error is not null)
        {
            Drop(upload);
            Sender.Tell(new ModelRejected(_model, error));
            return;
        }

        if (!segment.Last)
        {
            Sender.Tell(new ChunkSegmentAcknowledged(_model, upload, assembly!.ReceivedBytes));
            return;
        }

        var isRepeat = _uploaders.ContainsKey(upload);
        _uploaders[upload] = Sender;
        if (!isRepeat)
        {
            Offer(Assembled(upload, assembly!));
        }
    }

    private ArrivedChunk Assembled(CommandId upload, ChunkAssembly assembly) =>
        new(assembly.Number, assembly.Lease, assembly.ReceivedBytes, false, e => Finish(upload, assembly.Number, e))
        {
            Sha256 = Convert.ToHexStringLower(
                SHA256.HashData(assembly.Lease.Array.AsSpan(0, assembly.ReceivedBytes))),
        };

    private ProtocolError? Find(ChunkSegment segment, out ChunkAssembly? assembly)
    {
        if (_assemblies.TryGetValue(segment.UploadId, out assembly))
        {
            return null;
        }

        if (segment.OffsetBytes > 0)
        {
            return ChunkErrors.Interrupted;
        }

        if (_assemblies.Count >= _setup.ChunksAtOnce || _setup.Buffers.TryRent() is not { } lease)
        {
            return ChunkErrors.NoRoom;
        }

        assembly = new ChunkAssembly(segment.ChunkNumber, lease);
        _assemblies.Add(segment.UploadId, assembly);
        return null;
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
            done.TrySetException(new IOException(error.Reason));
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

    private void Finish(CommandId upload, int number, ProtocolError? error)
    {
        _assemblies.Remove(upload);
        if (!_uploaders.Remove(upload, out var uploader))
        {
            return;
        }

        if (error is not null)
        {
            uploader.Tell(new ModelRejected(_model, error));
            return;
        }

        _accepted.Enqueue(upload);
        if (_accepted.Count > RememberedUploads)
        {
            _accepted.Dequeue();
        }

        uploader.Tell(new ChunkAccepted(_model, upload, number));
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

    private void OnSweep()
    {
        var oldest = Now() - (long)_setup.SegmentTimeout.TotalMilliseconds;
        foreach (var (upload, _) in _assemblies.Where(a => !a.Value.IsWhole && a.Value.LastTime < oldest).ToList())
        {
            Drop(upload);
        }
    }

    private void Drop(CommandId upload)
    {
        if (_assemblies.TryGetValue(upload, out var assembly) && !_uploaders.ContainsKey(upload))
        {
            _assemblies.Remove(upload);
            assembly.Lease.Return();
        }
    }

    private void Unwritten(Exception cause)
    {
        if (_writing is { } chunk)
        {
            _writing = null;
            _arrived.Where(a => a.Value == chunk).Select(a => a.Key).ToList().ForEach(k => _arrived.Remove(k));
            chunk.Lease.Abandon();
            chunk.End(ChunkErrors.NotWritten(cause));
        }
    }

    private long Now() => _setup.Time.GetUtcNow().ToUnixTimeMilliseconds();

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
