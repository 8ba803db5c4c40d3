using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Batching;

/// <summary>One call on its way through the scheduler: collects its documents' results and completes once.</summary>
internal sealed class PredictionRequest
{
    // Where continuations run is decided by End.
    private readonly TaskCompletionSource<PredictionResult> _completion = new();

    private readonly DocumentOutput[] _outputs;
    private readonly TimeProvider _time;
    private readonly long _begun;
    private CancellationTokenRegistration _cancellation;
    private int _missing;
    private int _over;
    private long _tokens;
    private long _firstQueued;
    private long _firstForward;

    /// <param name="texts">The call's texts, in order.</param>
    /// <param name="filter">The outputs that the caller wants.</param>
    /// <param name="time">Times the stages.</param>
    public PredictionRequest(IReadOnlyList<string> texts, OutputFilter filter, TimeProvider time)
    {
        Texts = texts;
        Filter = filter;
        _time = time;
        _begun = time.GetTimestamp();
        _missing = texts.Count;
        _outputs = new DocumentOutput[texts.Count];
        Documents = new QueuedDocument?[texts.Count];
    }

    public IReadOnlyList<string> Texts { get; }

    public OutputFilter Filter { get; }

    /// <summary>Tokenised documents; null while a text waits for that.</summary>
    public QueuedDocument?[] Documents { get; }

    public Task<PredictionResult> Completion => _completion.Task;

    /// <summary>True when nobody waits for more of it: answered, failed or cancelled.</summary>
    public bool IsOver => Volatile.Read(ref _over) != 0;

    /// <summary>Calls back when the caller goes away.</summary>
    public void WatchCaller(Action<PredictionRequest> gone, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(
                _ =>
                {
                    End(completion => completion.TrySetCanceled(cancellationToken), here: false);
                    gone(this);
                },
                state: null);
        }
    }

    /// <summary>Tokenises one text, unless that was done; the documents are queued right after.</summary>
    /// <exception cref="TextRefusedException">The text has no tokens, not even special ones.</exception>
    /// <exception cref="InferenceException">The tokenizer cannot take the text, or not in time.</exception>
    public void Tokenize(ITextEncoder encoder, int index, TextDeadline deadline)
    {
        if (Documents[index] is not null)
        {
            return;
        }

        var ids = encoder.Encode(Texts[index], deadline);
        if (ids.Length == 0)
        {
            throw new TextRefusedException(
                $"text {index} has no tokens, and the model's tokenizer adds none; send one that has");
        }

        Documents[index] = new QueuedDocument(this, index, ids);
        Interlocked.Add(ref _tokens, ids.Length);
    }

    /// <summary>Notes that documents enter the queue.</summary>
    public void Queued() => Interlocked.CompareExchange(ref _firstQueued, _time.GetTimestamp(), 0);

    /// <summary>Notes that a forward with a document of this call begins.</summary>
    public void Started(long timestamp) => Interlocked.CompareExchange(ref _firstForward, timestamp, 0);

    /// <summary>Takes one document's result; the last one completes the call.</summary>
    /// <param name="here">
    /// True: who waits for the call goes on on this thread. Waking another one costs more than a small answer takes.
    /// </param>
    public void Complete(int index, DocumentOutput output, bool here)
    {
        _outputs[index] = output;
        if (Interlocked.Decrement(ref _missing) == 0)
        {
            var result = Result(_time.GetTimestamp());
            End(completion => completion.TrySetResult(result), here);
        }
    }

    /// <summary>Ends the call with a fault, unless it is over.</summary>
    public void Fail(Exception reason) => End(
        completion =>
        {
            completion.TrySetException(reason);

            // Without this a caller that went away would raise UnobservedTaskException.
            _ = completion.Task.Exception;
        },
        here: false);

    private PredictionResult Result(long ended) => new(
        _outputs,
        Interlocked.Read(ref _tokens),
        _time.GetElapsedTime(_begun, _firstQueued),
        _time.GetElapsedTime(_firstQueued, _firstForward),
        _time.GetElapsedTime(_firstForward, ended));

    // Faults come from below locks, so their continuations never run on the spot.
    private void End(Action<TaskCompletionSource<PredictionResult>> end, bool here)
    {
        if (Interlocked.Exchange(ref _over, 1) != 0)
        {
            return;
        }

        _cancellation.Unregister();
        if (here)
        {
            end(_completion);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(end, _completion, preferLocal: false);
        }
    }
}
