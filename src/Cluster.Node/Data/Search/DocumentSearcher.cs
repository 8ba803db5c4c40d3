using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Event;
using MlCluster.Messages;
using MlCluster.Messages.Search;
using MlCluster.Messages.Serialization;
using MlCluster.Node.Domain.Search;

namespace MlCluster.Node.Data.Search;

/// <summary>
/// Answers searches on a data node. Each begins with a look at the documents' table: what changed since the last one
/// is taken over, so an answer is as new as the table. Searches that come meanwhile wait for the next look together.
/// </summary>
internal sealed class DocumentSearcher : ReceiveActor, IWithTimers
{
    /// <summary>Its name under /user.</summary>
    public const string Name = "document-search";

    private const int MaxAttempts = 3;
    private static readonly TimeSpan CompletePoll = TimeSpan.FromMilliseconds(100);
    private readonly DocumentTable _table;
    private readonly SearchOptions _options;
    private readonly TimeProvider _time;
    private readonly HitReader _hits;
    private readonly IndexFollower _follower = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private List<Waiting> _waiting = [];
    private List<Waiting> _served = [];
    private bool _isLooking;
    private bool _isBlind;

    public DocumentSearcher(DocumentTable table, SearchOptions options, TimeProvider time)
    {
        (_table, _options, _time) = (table, options, time);
        _hits = new HitReader(table, options.MaxMessageBytes);
        Receive<SearchDocuments>(s => OnSearch(new Waiting(s, Sender, time.GetTimestamp(), 1)));
        Receive<Waiting>(OnSearch);
        Receive<Look>(_ => BeginLook());
        Receive<LookAgain>(_ => Read());
        Receive<Seen>(OnSeen);
        Receive<Status.Failure>(OnFailure);
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(DocumentTable table, SearchOptions options, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new DocumentSearcher(table, options, time));

    protected override void PreStart()
    {
        BeginLook();
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, _options.KeepUp);
    }

    private void OnSearch(Waiting search)
    {
        if (_waiting.Count >= _options.MaxWaiting)
        {
            search.Caller.Tell(Refusal(
                ErrorCode.Rejected,
                $"{_waiting.Count} searches wait on this node, the limit is {_options.MaxWaiting}; retry later"));
            return;
        }

        _waiting.Add(search);
        BeginLook();
    }

    // Those who came during a look could miss what was written after it.
    private void BeginLook()
    {
        if (!_isLooking)
        {
            _isLooking = true;
            (_served, _waiting) = (_waiting, []);
            Read();
        }
    }

    private void Read() => _ = ReadAsync(_follower.SeqNr).PipeTo(Self);

    private async Task<Seen> ReadAsync(long seqNr) =>
        await _table.StateAsync() is not { } state ? new Seen(null, [])
        : state.SeqNr == seqNr ? new Seen(state, [])
        : new Seen(state, await _table.ChangedAfterAsync(seqNr, _options.Batch));

    private void OnSeen(Seen seen)
    {
        if (_isBlind)
        {
            _isBlind = false;
            _log.Info("The documents for searches can be read again");
        }

        if (seen.State is { } state && Take(state, seen.Changes))
        {
            Read();
        }
        else if (seen.State is { IsComplete: true })
        {
            EndLook(Answer);
        }
        else if (_served.Any(w => _time.GetElapsedTime(w.Since) < _options.CompleteWait))
        {
            Timers.StartSingleTimer(nameof(LookAgain), LookAgain.Instance, CompletePoll);
        }
        else
        {
            EndLook(w => w.Caller.Tell(Refusal(
                ErrorCode.Unavailable,
                "the documents for searches are being made from the journal; retry later")));
        }
    }

    /// <returns>True when there may be more.</returns>
    private bool Take(ProjectionState state, List<StoredDocument> changes)
    {
        var before = _follower.SeqNr;
        _follower.Follow(state.Generation);
        if (_follower.SeqNr != before)
        {
            // What was read began too late.
            return state.SeqNr > 0;
        }

        foreach (var change in changes)
        {
            _follower.Take(change);
        }

        if (changes.Count == _options.Batch)
        {
            return true;
        }

        // Not each number that was taken became a document.
        _follower.Reach(state.SeqNr);
        return false;
    }

    private void OnFailure(Status.Failure failure)
    {
        if (!_isBlind)
        {
            _isBlind = true;
            _log.Warning("The documents for searches cannot be read: {0}", failure.Cause.Message);
        }

        EndLook(w => w.Caller.Tell(Refusal(
            ErrorCode.Unavailable, $"the documents' table could not be read: {failure.Cause.Message}; retry later")));
    }

    private void EndLook(Action<Waiting> answer)
    {
        var served = _served;
        (_isLooking, _served) = (false, []);
        served.ForEach(answer);
        if (_waiting.Count > 0)
        {
            BeginLook();
        }
    }

    private void Answer(Waiting waiting)
    {
        try
        {
            var query = SearchQueryBytes.Decode(waiting.Search.Query);
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            var found = DocumentSearch.Run(_follower.IndexOf(waiting.Search.Kind), waiting.Search, query, now);
            _ = SendAsync(waiting, found, Self);
        }
        catch (Exception e) when (e is SearchException or SerializationException)
        {
            waiting.Caller.Tell(Refusal(ErrorCode.IllegalArgument, $"failed to create query: {e.Message}"));
        }
        catch (Exception e)
        {
            // A fault of ours in one search: the others are answered, and the index stays.
            _log.Error(e, "A search of {0} documents failed", waiting.Search.Kind);
            waiting.Caller.Tell(Refusal(ErrorCode.Internal, $"{e.GetType().Name}: {e.Message}"));
        }
    }

    private async Task SendAsync(Waiting waiting, FoundRows found, IActorRef self)
    {
        try
        {
            var isLast = waiting.Attempt == MaxAttempts;
            if (await _hits.ReadAsync(waiting.Search.Kind, found, isLast) is { } answer)
            {
                waiting.Caller.Tell(answer);
            }
            else
            {
                self.Tell(waiting with { Attempt = waiting.Attempt + 1 });
            }
        }
        catch (Exception e)
        {
            waiting.Caller.Tell(Refusal(
                ErrorCode.Unavailable, $"the documents could not be read: {e.Message}; retry later"));
        }
    }

    private static SearchRejected Refusal(ErrorCode code, string reason) => new(new ProtocolError(code, reason));

    private sealed record Waiting(SearchDocuments Search, IActorRef Caller, long Since, int Attempt)
        : INoSerializationVerificationNeeded;

    private sealed record Seen(ProjectionState? State, List<StoredDocument> Changes)
        : INoSerializationVerificationNeeded;

    private sealed record Look : INoSerializationVerificationNeeded
    {
        public static Look Instance { get; } = new();
    }

    private sealed record LookAgain : INoSerializationVerificationNeeded
    {
        public static LookAgain Instance { get; } = new();
    }
}
