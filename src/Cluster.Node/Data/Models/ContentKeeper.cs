using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Data.Uploads;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Data.Models;

/// <summary>The children and the background work that bring a model's content in and take it out.</summary>
internal sealed class ContentKeeper(IActorContext context, ModelId model, ModelServices services)
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<long> _held = [];
    private IActorRef? _writer;
    private IActorRef? _download;
    private int? _checking;
    private long _nextCheck;
    private long _heldSince;
    private long _durableBytes;
    private bool _purging;
    private int _pendingPurges;

    /// <summary>Chunks and their writer's journal are gone.</summary>
    public bool IsPurged { get; private set; }

    /// <summary>The writer, started when there is none.</summary>
    public IActorRef Writer => _writer ??= context.Watch(context.ActorOf(ChunkWriterActor.Props(model, WriterSetup())));

    /// <summary>Epoch milliseconds when the download last moved, its start and its end included; null: none began.</summary>
    public long? LastProgress { get; private set; }

    public void StartDownload(string url, long now)
    {
        LastProgress = now;
        // Rows of an earlier attempt would stay for ever.
        _pendingPurges++;
        Writer.Tell(PurgeChunks.Instance);
        _download = context.Watch(context.ActorOf(DownloadActor.Props(services.Downloads, url, Writer)));
    }

    /// <summary>So many bytes are durable.</summary>
    public void Moved(long bytes, long now)
    {
        if (bytes > _durableBytes)
        {
            _durableBytes = bytes;
            LastProgress = now;
        }
    }

    /// <summary>Looks at the complete set, once at a time.</summary>
    public void StartCheck(ModelState state, string? knownSha256, long now)
    {
        if (_checking == state.Content.Generation || now < _nextCheck)
        {
            return;
        }

        var generation = state.Content.Generation;
        _checking = generation;
        var expected = state.Origin is { } origin ? origin.Sha256 : state.Content.Sha256;
        _ = services.ContentCheck.RunAsync(model, state.Content, expected, knownSha256, _stop.Token).PipeTo(
            context.Self,
            success: verdict => verdict,
            failure: cause => new CheckFailed(generation, cause));
    }

    /// <summary>The check of a set could not be made; it is made again in a moment.</summary>
    public void CheckFaulted(CheckFailed failed, long now)
    {
        if (_checking == failed.Generation)
        {
            _checking = null;
            _nextCheck = now + (long)services.Options.NodeRetry.TotalMilliseconds;
        }
    }

    /// <summary>Tells the writer that a chunk is part of the model, or, for the last one, when the check has spoken.</summary>
    /// <remarks>While its bytes were written the model may have been deleted, or registered with other ones.</remarks>
    public void Recorded(long offer, ChunkRef chunk, ModelState state, long now)
    {
        if (!state.Content.Chunks.TryGetValue(chunk.Number, out var kept) || kept != chunk)
        {
            Writer.Tell(new ChunkRecorded(offer, ChunkErrors.Superseded));
        }
        else if (state is { Phase: ModelPhase.Collecting, Content: { HasAllChunks: true, Problem: null } })
        {
            _heldSince = _held.Count == 0 ? now : _heldSince;
            _held.Add(offer);
        }
        else
        {
            Writer.Tell(new ChunkRecorded(offer, null));
        }
    }

    /// <summary>Answers what waited for the check.</summary>
    public void Release(ModelState state, long now)
    {
        var waits = state is { Phase: ModelPhase.Collecting, Content: { HasAllChunks: true, Problem: null } }
            && now - _heldSince < services.Options.Uploads.CheckWait.TotalMilliseconds;
        if (!waits)
        {
            _held.ForEach(offer => Writer.Tell(new ChunkRecorded(offer, null)));
            _held.Clear();
        }
    }

    /// <summary>Removes everything; what is still on its way is refused by the model.</summary>
    public void Purge()
    {
        if (!_purging && !IsPurged)
        {
            _purging = true;
            StopDownload();
            _stop.Cancel();
            _pendingPurges++;
            Writer.Tell(PurgeChunks.Instance);
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

    /// <summary>A child ended.</summary>
    /// <returns>True when it was the download, without its word.</returns>
    public bool Ended(IActorRef child)
    {
        if (child.Equals(_writer))
        {
            _writer = null;
            _purging = false;
            _pendingPurges = 0;
            _held.Clear();
        }

        var wasDownload = child.Equals(_download);
        _download = wasDownload ? null : _download;
        return wasDownload;
    }

    /// <summary>The download has said its word.</summary>
    public void DownloadDone(long now)
    {
        LastProgress = now;
        if (_download is not null)
        {
            context.Unwatch(_download);
            _download = null;
        }
    }

    public void Stop()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private void StopDownload()
    {
        if (_download is { } running)
        {
            context.Unwatch(running);
            context.Stop(running);
            _download = null;
        }
    }

    private ChunkWriterSetup WriterSetup() => new(
        services.Downloads.Buffers,
        services.Options.Uploads.ChunksAtOnce,
        services.Options.Uploads.SegmentTimeout,
        services.Time);
}

/// <summary>A set of chunks could not be looked at.</summary>
internal sealed record CheckFailed(int Generation, Exception Cause) : INoSerializationVerificationNeeded;
