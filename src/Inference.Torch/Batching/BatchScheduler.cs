using System.Globalization;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Batching;

/// <summary>
/// Serves one model: takes calls, tokenises, groups documents across calls, runs forwards on its own threads.
/// </summary>
/// <remarks>
/// Short texts are tokenised on the caller's thread, which costs less than a hand-over; longer ones by the workers, and
/// all of a tokenizer whose patterns backtrack.
/// A forward that does not come back is given up: its thread stays, nothing frees the module below it, and the last
/// worker to end gives the native memory back.
/// </remarks>
internal sealed class BatchScheduler : IWorkerEvents, IAsyncDisposable
{
    private readonly SchedulerSetup _setup;
    private readonly WorkQueue _queue;
    private readonly ServingCounters _counters = new();
    private readonly TaskCompletionSource<string> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _ready = new();
    private InferenceException? _startError;
    private int _cold;
    private int _alive;

    private BatchScheduler(SchedulerSetup setup)
    {
        _setup = setup;
        _queue = new WorkQueue(setup.Rehearsal.Batching, setup.QueueOptions, setup.Workers);
        _cold = setup.Workers;
        _alive = setup.Workers;
    }

    /// <summary>Completes with the reason when a forward ran past its deadline.</summary>
    public Task<string> Failure => _failure.Task;

    public ServingStatistics Statistics => _counters.Snapshot(_queue.Tokens);

    /// <summary>Starts the workers and returns when all are warm.</summary>
    /// <exception cref="InferenceException">The warm-up failed; the module is freed.</exception>
    public static BatchScheduler Start(SchedulerSetup setup, string name)
    {
        var scheduler = new BatchScheduler(setup);
        for (var i = 0; i < setup.Workers; i++)
        {
            var worker = new ForwardWorker(setup, scheduler._queue, scheduler._counters, scheduler);
            worker.Start(string.Create(CultureInfo.InvariantCulture, $"{name} {i}"));
        }

        scheduler._ready.Wait();
        return scheduler._startError is { } error ? throw error : scheduler;
    }

    /// <summary>Answers for documents; see <see cref="IServedModel.PredictAsync"/>.</summary>
    public Task<PredictionResult> PredictAsync(
        PredictionInput input, OutputFilter filter, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<PredictionResult>(cancellationToken);
        }

        if (input.Texts.Count == 0)
        {
            return Task.FromResult(new PredictionResult([], 0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero));
        }

        var request = new PredictionRequest(_setup.Function, input, filter, _setup.Time);
        try
        {
            _setup.Function.Check(input);
            request.WatchCaller(_queue.Drop, cancellationToken);
            Enqueue(request);
        }
        catch (Exception refused)
        {
            request.Fail(refused);
        }

        return request.Completion;
    }

    /// <summary>Lets accepted documents finish, for a bounded time, then frees the module.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Stop();
        try
        {
            await _ended.Task.WaitAsync(_setup.Options.DrainTimeout, _setup.Time);
        }
        catch (TimeoutException)
        {
            var limit = _setup.Options.DrainTimeout;
            _queue.Abort(() => new InferenceException(
                $"the model was unloaded; the request did not finish within {Seconds(limit)} s of that"));
            await Task.WhenAny(_ended.Task, _failure.Task);
        }
    }

    void IWorkerEvents.Warm()
    {
        if (Interlocked.Decrement(ref _cold) == 0)
        {
            _ready.Set();
        }
    }

    void IWorkerEvents.GaveUp(RunningForward forward)
    {
        var reason = $"a forward of {forward.Batch.Rows} × {forward.Batch.Width} tokens ran longer than the limit of "
            + $"{Seconds(_setup.Options.ForwardTimeout)} s; the model left service";
        LeaveService(new InferenceException(reason));
        foreach (var document in forward.Documents)
        {
            document.Request.Fail(new InferenceException(reason));
        }
    }

    void IWorkerEvents.Failed(Exception error) => LeaveService(
        error as InferenceException ?? new InferenceException($"a worker failed: {error.Message}", error));

    void IWorkerEvents.Ended()
    {
        if (Interlocked.Decrement(ref _alive) > 0)
        {
            return;
        }

        try
        {
            _setup.Model.Dispose();
            _ended.TrySetResult();
        }
        catch (Exception error)
        {
            _ended.TrySetException(error);
        }
    }

    private void LeaveService(InferenceException reason)
    {
        _startError = reason;

        // What waits has not met the fault: another node may answer it.
        _queue.Abort(() => new ObjectDisposedException(nameof(IServedModel), reason.Message));
        _failure.TrySetResult(reason.Message);
        _ready.Set();
    }

    private void Enqueue(PredictionRequest request)
    {
        if (EncodePlanner.FitsCaller(request.Function.Encoder, request.Input) && TokenizesHere(request))
        {
            _queue.Add(request);
        }
        else
        {
            _queue.Add(EncodePlanner.Split(request));
        }
    }

    /// <summary>Tokenises a call on this thread; false: that takes too long, and workers are to finish it.</summary>
    private bool TokenizesHere(PredictionRequest request)
    {
        var deadline = new TextDeadline(_setup.Time, EncodePlanner.CallerTime);
        try
        {
            for (var i = 0; i < request.Input.Texts.Count; i++)
            {
                request.Tokenize(i, deadline);
            }

            return true;
        }
        catch (TokenizerTimeoutException)
        {
            return false;
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
