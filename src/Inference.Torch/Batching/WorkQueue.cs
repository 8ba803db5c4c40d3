namespace MlCluster.Inference.Batching;

/// <summary>
/// Where calls wait for worker threads: bounded by tokens, handed out in groups, never waiting for a fuller one.
/// </summary>
/// <remarks>
/// Calls take turns, in being tokenised and in being run. Tokenising goes ahead of forwards, but not past a call whose
/// documents are all here: of what workers take while one waits, every other thing is a forward. So a big call delays a
/// small one by one forward or two, and by as many texts.
/// </remarks>
internal sealed class WorkQueue
{
    /// <summary>Tokenised work, in forwards, beyond which tokenising waits: enough to find like lengths.</summary>
    private const int ForwardsAhead = 8;

    // Not a System.Threading.Lock: workers wait on it.
    private readonly object _gate = new();
    private readonly BatchingMode _mode;
    private readonly ServingOptions _options;
    private readonly int _workers;
    private readonly WorkerWait _wait;
    private readonly DocumentQueue _documents = new();
    private readonly TurnQueue<EncodeWork> _texts = new();
    private readonly HashSet<EncodeWork> _encoding = new(ReferenceEqualityComparer.Instance);
    private long _reservedTokens;
    private long _runningTokens;
    private bool _tokenisedLast;
    private bool _stopping;
    private Func<Exception>? _refusal;

    /// <param name="mode">How documents may share forwards.</param>
    /// <param name="options">Limits.</param>
    /// <param name="workers">Threads that ask for work.</param>
    public WorkQueue(BatchingMode mode, ServingOptions options, int workers)
    {
        (_mode, _options, _workers) = (mode, options, workers);
        _wait = new WorkerWait(_gate, options.LookOut);
    }

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

            _wait.WakeAll();
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
            var mayLookOut = true;
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

                _wait.ForChange(ref mayLookOut);
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
            _wait.WakeAll();
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

            _wait.WakeAll();
        }
    }

    private void Admit(long tokens)
    {
        if (_refusal is { } refusal)
        {
            throw refusal();
        }

        // An empty queue takes a call of any size: refusing it would be for ever.
        if (WaitingTokens > 0 && WaitingTokens + tokens > _options.MaxQueuedTokens)
        {
            throw new QueueFullException(WaitingTokens, _options.MaxQueuedTokens);
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
        if (!_texts.IsEmpty && IsTurnOfTexts())
        {
            return TakeTexts();
        }

        return _documents.Count > 0 ? TakeForward() : null;
    }

    private bool IsTurnOfTexts() =>
        _documents.Tokens < (long)ForwardsAhead * _options.MaxTokensPerForward
        && !(_tokenisedLast && _documents.Calls.Any(IsAllTokenised));

    /// <summary>Tells of a call with waiting documents that no more of them are to come.</summary>
    private bool IsAllTokenised(PredictionRequest call) =>
        !_texts.Holds(call) && !_encoding.Any(work => work.Request == call);

    private EncodeWork TakeTexts()
    {
        var next = _texts.NextTurn().First!;
        _texts.Remove(next.Value.Request, next);
        _encoding.Add(next.Value);
        _tokenisedLast = true;
        return next.Value;
    }

    private ForwardWork TakeForward()
    {
        var budget = BatchPlanner.Budget(_documents.Tokens, _workers, _options.MaxTokensPerForward);
        var work = new ForwardWork(_documents.TakeGroup(_mode, budget));
        _runningTokens += work.Tokens;
        _tokenisedLast = false;
        if (_documents.Count > 0)
        {
            Wake();
        }

        return work;
    }

    // One document is work for one worker; of more, how many depends on their lengths.
    private void Wake()
    {
        if (_documents.Count == 1)
        {
            _wait.WakeOne();
        }
        else
        {
            _wait.WakeAll();
        }
    }
}
