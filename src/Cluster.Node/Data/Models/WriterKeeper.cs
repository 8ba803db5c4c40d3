using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Data.Models;

/// <summary>The child that writes a model's chunks: what it is told, and when what it wrote is to be removed.</summary>
internal sealed class WriterKeeper(IActorContext context, ModelId model, ModelServices services)
{
    private readonly List<object> _held = [];
    private IActorRef? _writer;
    private long _heldSince;
    private bool _purging;
    private int _pendingPurges;

    /// <summary>Chunks and their writer's journal are gone.</summary>
    public bool IsPurged { get; private set; }

    /// <summary>The writer, started when there is none.</summary>
    public IActorRef Writer => _writer ??= context.Watch(context.ActorOf(ChunkWriterActor.Props(model, Setup())));

    /// <summary>Full path, with address: chunks come from other nodes.</summary>
    public string Path =>
        Writer.Path.ToStringWithAddress(((ExtendedActorSystem)context.System).Provider.DefaultAddress);

    /// <summary>Tells the writer that a chunk is part of the model; the last one waits for the check.</summary>
    /// <remarks>While its bytes were written the model may have been deleted, or registered with other ones.</remarks>
    public void Recorded(long offer, ChunkRef chunk, ModelState state, long now)
    {
        if (!state.Content.Chunks.TryGetValue(chunk.Number, out var kept) || kept != chunk)
        {
            Writer.Tell(new ChunkRecorded(offer, ChunkErrors.Superseded));
        }
        else
        {
            TellOrHold(new ChunkRecorded(offer, null), state, now);
        }
    }

    /// <summary>
    /// Tells the writer what to do with a chunk. One that is there already may be the last one, sent again because its
    /// answer was lost: it waits for the check like the first time.
    /// </summary>
    public void Judge(long offer, ChunkOffer verdict, ModelState state, long now)
    {
        var word = new ChunkOffered(offer, verdict);
        if (verdict == ChunkOffer.AlreadyThere)
        {
            TellOrHold(word, state, now);
        }
        else
        {
            Writer.Tell(word);
        }
    }

    /// <summary>Answers what waited for the check.</summary>
    public void Release(ModelState state, long now)
    {
        var waits = IsUnchecked(state)
            && now - _heldSince < services.Options.Uploads.CheckWait.TotalMilliseconds;
        if (!waits)
        {
            _held.ForEach(word => Writer.Tell(word));
            _held.Clear();
        }
    }

    /// <summary>Removes what an earlier attempt wrote.</summary>
    public void Clear()
    {
        _pendingPurges++;
        Writer.Tell(PurgeChunks.Instance);
    }

    /// <summary>Removes everything; what is still on its way is refused by the model.</summary>
    public void Purge()
    {
        if (!_purging && !IsPurged)
        {
            _purging = true;
            Clear();
        }
    }

    /// <summary>The writer's word on a purge: the last one counts, the one before a download means nothing.</summary>
    public void Purged(ChunksPurged word)
    {
        if (--_pendingPurges == 0)
        {
            IsPurged = _purging && word.Error is null;
            _purging = false;
        }
    }

    /// <summary>A child ended; another writer knows nothing of what this one was asked.</summary>
    public void Ended(IActorRef child)
    {
        if (child.Equals(_writer))
        {
            _writer = null;
            _purging = false;
            _pendingPurges = 0;
            _held.Clear();
        }
    }

    private void TellOrHold(object word, ModelState state, long now)
    {
        if (IsUnchecked(state))
        {
            _heldSince = _held.Count == 0 ? now : _heldSince;
            _held.Add(word);
        }
        else
        {
            Writer.Tell(word);
        }
    }

    private static bool IsUnchecked(ModelState state) =>
        state is { Phase: ModelPhase.Collecting, Content: { HasAllChunks: true, Problem: null } };

    private ChunkWriterSetup Setup() => new(
        services.Downloads.Buffers,
        services.Options.Uploads.ChunksAtOnce,
        services.Options.Uploads.SegmentTimeout,
        services.Time);
}
