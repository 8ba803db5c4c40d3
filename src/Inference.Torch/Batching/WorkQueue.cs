using System.Diagnostics;

namespace MlCluster.Inference.Batching;

/// <summary>
/// Where calls wait for worker threads: bounded by tokens, handed out in groups, never waiting for a fuller one.
/// </summary>
/// <remarks>
/// Calls take turns, in being tokenised and in being run: a big one delays a small one by a forward or two.
/// </remarks>
internal sealed class WorkQueue(BatchingMode mode, ServingOptions options, int workers)
{
    /// <summary>Tokenised work, in forwards, beyond which tokenising waits: enough to find like lengths.</summary>
    private const int ForwardsAhead = 8;

    /// <summary>Pauses between two looks of a worker that looks out for work: well below a microsecond.</summary>
    private const int PausesPerLook = 10;

    // Not a System.Threading.Lock: workers wait on it.
    private readonly object _gate = new();
    private readonly DocumentQueue _documents = new();
    private readonly TurnQueue<EncodeWork> _texts = new();
    private readonly HashSet<EncodeWork> _encoding = new(ReferenceEqualityComparer.Instance);
    private long _reservedTokens;
    private long _runningTokens;
    private bool _stopping;
    private bool _lookout;
    private int _changes;
    private Func<Exception>? _refusal;

    /// <summary>Tokens waiting or running.</summary>
    public long Tokens
    {
        get
        {
            lock (_gate)
            {
                return WaitingTokens + _runningTokens;
            }
        }
    }

    /// <summary>True when nothing waits.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _documents.Count == 0 && _texts.IsEmpty;
            }
        }
    }

    private long WaitingTokens => _documents.Tokens + _reservedTokens;

    /// <summary>Queues a call whose texts are all tokenised.</summary>
    /// <exception cref="QueueFullException">It does not fit now; nothing was queued.</exception>
    public void Add(PredictionRequest request)
    {
        lock (_gate)
        {
            Admit(request.Rows.Sum(rows => rows!.Sum(row => (long)row.Length)));
            AddDocuments(request, 0, request.Rows.Length);
        }
    }

    /// <summary>Queues a call whose texts the workers tokenise.</summary>
    /// <exception cref="QueueFullException">It does not fit now; nothing was queued.</exception>
    public void Add(IReadOnlyList<EncodeWork> texts)
    {
        lock (_gate)
        {
            var tokens = texts.Sum(work => work.ReservedTokens);
            Admit(tokens);
            foreach (var work in texts.Where(work => !work.Request.IsOver))
            {
                _reservedTokens += work.ReservedTokens;
                _texts.Add(work.Request, work);
            }

            WakeAll();
        }
    }

    /// <summary>
    /// Takes in the documents of texts that a worker tokenised, or gave up because their call is over.
    /// </summary>
    public void Encoded(EncodeWork work)
    {
        lock (_gate)
        {
            _encoding.Remove(work);
            _reservedTokens -= work.ReservedTokens;
            if (_refusal is { } refusal && !_stopping)
            {
                work.Request.Fail(refusal());
            }

            AddDocuments(work.Request, work.Start, work.Count);
        }
    }

    /// <summary>Waits for work; null when the worker is to end.</summary>
    public WorkItem? Next()
    {
        lock (_gate)
        {
            var mayLookOut = options.LookOut > TimeSpan.Zero;
            while (true)
            {
                if (TakeNext() is { } work)
                {
                    return work;
                }

                if (_refusal is not null)
                {
                    return null;
                }

                if (mayLookOut && !_lookout)
                {
                    mayLookOut = false;
                    LookOut();
                }
                else
                {
                    Monitor.Wait(_gate);
                }
            }
        }
    }

    /// <summary>Notes that a forward ended, however it did.</summary>
    public void Finished(ForwardWork work)
    {
        lock (_gate)
        {
            _runningTokens -= work.Tokens;
        }
    }

    /// <summary>Forgets what waits of a call whose caller is gone.</summary>
    public void Drop(PredictionRequest request)
    {
        lock (_gate)
        {
            _documents.RemoveAll(request);
            foreach (var work in _texts.RemoveAll(request))
            {
                _reservedTokens -= work.ReservedTokens;
            }
        }
    }

    /// <summary>Refuses new calls; workers finish what waits and end.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            _refusal ??= () => new ObjectDisposedException(nameof(IServedModel), "the model is being unloaded");
            WakeAll();
        }
    }

    /// <summary>
    /// Refuses new calls and fails those that wait or are being tokenised; workers end after their forward.
    /// </summary>
    public void Abort(Func<Exception> reason)
    {
        lock (_gate)
        {
            _stopping = false;
            _refusal = reason;
            foreach (var work in _texts.RemoveAll())
            {
                _reservedTokens -= work.ReservedTokens;
                work.Request.Fail(reason());
            }

            foreach (var work in _encoding)
            {
                work.Request.Fail(reason());
            }

            foreach (var document in _documents.TakeAll())
            {
                document.Request.Fail(reason());
            }

            WakeAll();
        }
    }

    private void Admit(long tokens)
    {
        if (_refusal is { } refusal)
        {
            throw refusal();
        }

        // An empty queue takes a call of any size: refusing it would be for ever.
        if (WaitingTokens > 0 && WaitingTokens + tokens > options.MaxQueuedTokens)
        {
            throw new QueueFullException(WaitingTokens, options.MaxQueuedTokens);
        }
    }

    private void AddDocuments(PredictionRequest request, int start, int count)
    {
        // Looked at under the lock: a caller that leaves later finds its documents in the queue.
        if (request.IsOver)
        {
            return;
        }

        request.Queued();
        for (var i = start; i < start + count; i++)
        {
            foreach (var row in request.Rows[i]!)
            {
                _documents.Add(row);
            }
        }

        Wake();
    }

    private WorkItem? TakeNext()
    {
        var ahead = (long)ForwardsAhead * options.MaxTokensPerForward;
        if (_documents.Tokens < ahead && !_texts.IsEmpty)
        {
            return TakeTexts();
        }

        return _documents.Count > 0 ? TakeForward() : null;
    }

    private EncodeWork TakeTexts()
    {
        var next = _texts.NextTurn().First!;
        _texts.Remove(next.Value.Request, next);
        _encoding.Add(next.Value);
        return next.Value;
    }

    private ForwardWork TakeForward()
    {
        var budget = BatchPlanner.Budget(_documents.Tokens, workers, options.MaxTokensPerForward);
        var work = new ForwardWork(_documents.TakeGroup(mode, budget));
        _runningTokens += work.Tokens;
        if (_documents.Count > 0)
        {
            Wake();
        }

        return work;
    }

    /// <summary>
    /// A worker that was busy until now looks out for more before it sleeps: a thread that has to be woken costs a
    /// lonely query more than its tokenising, and finds its core cold.
    /// </summary>
    /// <remarks>One at a time, without the lock; it gives way to every thread that wants its core.</remarks>
    private void LookOut()
    {
        _lookout = true;
        var seen = _changes;
        Monitor.Exit(_gate);
        try
        {
            var started = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref _changes) == seen && Stopwatch.GetElapsedTime(started) < options.LookOut)
            {
                Thread.SpinWait(PausesPerLook);
                Thread.Yield();
            }
        }
        finally
        {
            Monitor.Enter(_gate);
            _lookout = false;
        }
    }

    private void Wake()
    {
        if (_documents.Count != 1)
        {
            WakeAll();
            return;
        }

        _changes++;
        if (!_lookout)
        {
            Monitor.Pulse(_gate);
        }
    }

    private void WakeAll()
    {
        _changes++;
        Monitor.PulseAll(_gate);
    }
}
