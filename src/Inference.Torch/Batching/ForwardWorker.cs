using MlCluster.Inference.Native;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Batching;

/// <summary>One thread that tokenises and runs forwards until the queue tells it to end.</summary>
internal sealed class ForwardWorker
{
    private readonly SchedulerSetup _setup;
    private readonly WorkQueue _queue;
    private readonly ServingCounters _counters;
    private readonly IWorkerEvents _events;
    private readonly ForwardWatchdog _watchdog;
    private readonly bool[] _perToken;
    private bool _givenUp;

    public ForwardWorker(SchedulerSetup setup, WorkQueue queue, ServingCounters counters, IWorkerEvents events)
    {
        _setup = setup;
        _queue = queue;
        _counters = counters;
        _events = events;
        _perToken = setup.Rehearsal.Outputs.Select(output => output.PerToken).ToArray();
        _watchdog = new ForwardWatchdog(setup.Options.ForwardTimeout, setup.Time, events.GaveUp);
    }

    /// <summary>Takes a thread. It never keeps the process alive: a native call cannot be interrupted.</summary>
    public void Start(string name) => KeptThreads.Serving.Start(() => Run(name));

    /// <returns>True when it was told to end; false: it gave up.</returns>
    private bool Run(string name)
    {
        try
        {
            Thread.CurrentThread.Name = name;
            WarmUp();
            _events.Warm();
            while (!_givenUp && _queue.Next() is { } work)
            {
                Do(work);
            }

            return !_givenUp;
        }
        catch (Exception bug)
        {
            _events.Failed(bug);
            return false;
        }
        finally
        {
            _watchdog.Dispose();
            _events.Ended();
        }
    }

    private void WarmUp()
    {
        _setup.PrepareThread();
        foreach (var batch in _setup.WarmUp)
        {
            Watched(new RunningForward([], batch, _setup.Time.GetTimestamp()));
        }
    }

    private void Do(WorkItem work)
    {
        if (work is EncodeWork texts)
        {
            Encode(texts);
        }
        else if (work is ForwardWork forward)
        {
            Forward(forward.Documents);
            _queue.Finished(forward);
        }
    }

    private void Encode(EncodeWork work)
    {
        var request = work.Request;
        try
        {
            for (var i = work.Start; i < work.Start + work.Count && !request.IsOver; i++)
            {
                request.Tokenize(i, TextDeadlineOf(request));
            }
        }
        catch (Exception error)
        {
            _queue.Drop(request);
            request.Fail(AsInferenceException(error, "tokenising failed"));
        }

        _queue.Encoded(work);
    }

    // A call that fails meanwhile, as all do when the model leaves, stops its text too.
    private TextDeadline TextDeadlineOf(PredictionRequest request) =>
        new(_setup.Time, _setup.Options.TokenizeTimeout, () => request.IsOver);

    /// <summary>
    /// Runs documents together and, when that fails, by halves: in the end a guilty document's call fails alone.
    /// </summary>
    private void Forward(IReadOnlyList<QueuedDocument> documents)
    {
        var live = documents.Where(document => !document.Request.IsOver).ToList();
        if (_givenUp || live.Count == 0 || Attempt(live) is not { } error)
        {
            return;
        }

        if (live.Count == 1)
        {
            _queue.Drop(live[0].Request);
            live[0].Request.Fail(error);
            return;
        }

        var half = live.Count / 2;
        Forward(live[..half]);
        Forward(live[half..]);
    }

    /// <summary>Runs one forward and answers its documents; returns why it could not.</summary>
    private InferenceException? Attempt(List<QueuedDocument> documents)
    {
        try
        {
            var batch = BatchLayout.Pack(
                [.. documents.Select(document => document.Row)], _setup.Function.Encoder.PadId);
            var forward = new RunningForward(documents, batch, _setup.Time.GetTimestamp());
            documents.ForEach(document => document.Request.Started(forward.Started));
            _counters.Count(batch);
            var outputs = Watched(forward);
            if (!_givenUp)
            {
                Answer(forward, outputs);
            }

            return null;
        }
        catch (Exception error)
        {
            return AsInferenceException(error, "the forward failed");
        }
    }

    private IReadOnlyList<BatchOutput> Watched(RunningForward forward)
    {
        var wanted = Wanted(forward.Documents);
        _watchdog.Begin(forward);
        try
        {
            return _setup.Model.Forward(forward.Batch, wanted);
        }
        finally
        {
            _givenUp = !_watchdog.End(forward);
        }
    }

    private void Answer(RunningForward forward, IReadOnlyList<BatchOutput> outputs)
    {
        // All are cut before any is answered: a failure here is tried again in smaller groups.
        var results = new DocumentOutput[forward.Documents.Count];
        for (var row = 0; row < results.Length; row++)
        {
            var needs = forward.Documents[row].Request.Needs;
            results[row] = OutputSlicer.Slice(outputs, forward.Batch, row, _perToken, needs);
        }

        // A worker with nothing else to do answers one query itself; with more to do, its time belongs to forwards.
        var here = results.Length == 1 && _queue.IsIdle;
        for (var row = 0; row < results.Length; row++)
        {
            forward.Documents[row].Request.Complete(forward.Documents[row], results[row], here);
        }
    }

    private static Func<string?, int, bool> Wanted(IReadOnlyList<QueuedDocument> documents)
    {
        var filters = documents.Select(document => document.Request.Needs).Distinct().ToArray();
        return (name, position) => Array.Exists(
            filters, filter => filter.IncludeData && filter.Keeps(name, position));
    }

    private static InferenceException AsInferenceException(Exception error, string what) =>
        error as InferenceException ?? new InferenceException($"{what}: {error.Message}", error);
}
