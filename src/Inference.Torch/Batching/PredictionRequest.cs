using MlCluster.Inference.Functions;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Batching;

/// <summary>One call on its way through the scheduler: collects its documents' results and completes once.</summary>
internal sealed class PredictionRequest
{
    // Where continuations run is decided by End.
    private readonly TaskCompletionSource<PredictionResult> _completion = new();

    private readonly PreparedInput _prepared;
    private readonly OutputFilter _wanted;
    private readonly DocumentOutput[] _outputs;
    private readonly int[] _missingRows;
    private readonly TimeProvider _time;
    private readonly long _begun;
    private CancellationTokenRegistration _cancellation;
    private int _missing;
    private int _over;
    private long _tokens;
    private long _firstQueued;
    private long _firstForward;

    /// <param name="function">What the model is for.</param>
    /// <param name="input">The call's texts, in order.</param>
    /// <param name="wanted">The outputs that the caller wants.</param>
    /// <param name="time">Times the stages.</param>
    public PredictionRequest(
        ModelFunction function, PredictionInput input, OutputFilter wanted, TimeProvider time)
    {
        var count = input.Texts.Count;
        Function = function;
        _prepared = new PreparedInput(input);
        _wanted = wanted;
        Needs = function.Needs(wanted);
        _time = time;
        _begun = time.GetTimestamp();
        _missing = count;
        _missingRows = new int[count];
        _outputs = new DocumentOutput[count];
        Rows = new IReadOnlyList<QueuedDocument>?[count];
    }

    public ModelFunction Function { get; }

    public PredictionInput Input => _prepared.Input;

    /// <summary>The outputs of the model that the answers are made of.</summary>
    public OutputFilter Needs { get; }

    /// <summary>Tokenised documents, by their place in the call; null while a text waits for that.</summary>
    public IReadOnlyList<QueuedDocument>?[] Rows { get; }

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
    public void Tokenize(int index, TextDeadline deadline)
    {
        if (Rows[index] is not null)
        {
            return;
        }

        var rows = Function.Encode(_prepared, index, deadline);
        if (rows.Any(static row => row.Length == 0))
        {
            throw new TextRefusedException(
                $"text {index} has no tokens, and the model's tokenizer adds none; send one that has");
        }

        Rows[index] = [.. rows.Select(row => new QueuedDocument(this, index, row))];
        _missingRows[index] = rows.Count;
        Interlocked.Add(ref _tokens, rows.Sum(static row => (long)row.Length));
    }

    /// <summary>Notes that documents enter the queue.</summary>
    public void Queued() => Interlocked.CompareExchange(ref _firstQueued, _time.GetTimestamp(), 0);

    /// <summary>Notes that a forward with a document of this call begins.</summary>
    public void Started(long timestamp) => Interlocked.CompareExchange(ref _firstForward, timestamp, 0);

    /// <summary>Takes what the model gave for a row; the last one of all completes the call.</summary>
    /// <param name="here">
    /// True: who waits for the call goes on on this thread. Waking another one costs more than a small answer takes.
    /// </param>
    public void Complete(QueuedDocument row, DocumentOutput output, bool here)
    {
        row.Output = output;
        if (Interlocked.Decrement(ref _missingRows[row.Index]) > 0 || !TryAnswer(row.Index))
        {
            return;
        }

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

    private bool TryAnswer(int index)
    {
        try
        {
            var rows = Rows[index]!;
            _outputs[index] = Function.Answer(
                _prepared, index, _wanted, [.. rows.Select(static row => new RowAnswer(row.Row, row.Output!))]);

            // The outputs of whole forwards hang on it.
            foreach (var row in rows)
            {
                row.Output = null;
            }

            return true;
        }
        catch (Exception error)
        {
            Fail(error as InferenceException ?? new InferenceException($"answering failed: {error.Message}", error));
            return false;
        }
    }

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
