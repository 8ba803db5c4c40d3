using MlCluster.Inference.Batching;
using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Tests.Batching;

/// <summary>Start, deadline and end of a scheduler.</summary>
public sealed class BatchSchedulerLifeTests
{
    private static readonly ServingOptions OneWorker = SchedulerFixture.Options with { Workers = 1 };

    private static readonly string TextForWorkers = new('t', EncodePlanner.CallerCharacters + 1);

    [Fact]
    public async Task Forward_PastItsDeadline_TakesTheModelOutOfService()
    {
        var gate = new Gate();
        await using var serving = SchedulerFixture.Start(new FakeModel { OnForward = gate.Pass }, options: OneWorker);
        var stuck = serving.Predict("stuck");
        await gate.Reached.Within("the first forward");
        var waiting = serving.Predict("waiting");

        serving.Time.Advance(TimeSpan.FromSeconds(31));

        var reason = await serving.Scheduler.Failure.Within("leaving service");
        Assert.Contains("1 × 5 tokens", reason, StringComparison.Ordinal);
        Assert.Contains("limit of 30 s", reason, StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<InferenceException>(() => stuck.Within("failing"));
        Assert.Equal(reason, error.Message);

        // These another node may answer.
        foreach (var call in new[] { waiting, serving.Predict("new") })
        {
            var gone = await Assert.ThrowsAsync<ObjectDisposedException>(() => call.Within("failing"));
            Assert.StartsWith(reason, gone.Message, StringComparison.Ordinal);
        }

        gate.Open();
    }

    [Fact]
    public async Task Forward_Stuck_IsNotFreedUnderItsThread()
    {
        var gate = new Gate();
        var model = new FakeModel { OnForward = gate.Pass };
        var serving = SchedulerFixture.Start(model, options: OneWorker);
        var stuck = serving.Predict("stuck");
        await gate.Reached.Within("the first forward");
        serving.Time.Advance(TimeSpan.FromSeconds(31));
        await Assert.ThrowsAsync<InferenceException>(() => stuck.Within("failing"));

        var disposing = serving.DisposeAsync().AsTask();
        serving.Time.Advance(TimeSpan.FromSeconds(26));
        await disposing.Within("disposing");

        Assert.False(model.Disposed.Task.IsCompleted);
        gate.Open();
        await model.Disposed.Task.Within("freeing the model");
    }

    [Fact]
    public async Task Forward_WithinItsDeadline_IsLeftAlone()
    {
        var gate = new Gate();
        await using var serving = SchedulerFixture.Start(new FakeModel { OnForward = gate.Pass }, options: OneWorker);
        var slow = serving.Predict("slow");
        await gate.Reached.Within("the first forward");

        serving.Time.Advance(TimeSpan.FromSeconds(29));
        gate.Open();
        await slow.Within("answering");
        serving.Time.Advance(TimeSpan.FromSeconds(29));

        await serving.Predict("next").Within("answering");
        Assert.False(serving.Scheduler.Failure.IsCompleted);
    }

    [Fact]
    public async Task DisposeAsync_WithWorkWaiting_FinishesItFirst()
    {
        var gate = new Gate();
        var model = new FakeModel { OnForward = gate.Pass };
        var serving = SchedulerFixture.Start(model, options: OneWorker);
        var running = serving.Predict("running");
        await gate.Reached.Within("the first forward");
        var waiting = serving.Predict([.. Enumerable.Repeat(new string('w', 50), 100)]);

        var disposing = serving.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => serving.Predict("new").Within("refusing"));
        gate.Open();

        await disposing.Within("disposing");
        Assert.True(model.Disposed.Task.IsCompleted);
        await running.Within("answering");
        Assert.Equal(100, (await waiting.Within("answering")).Documents.Count);
    }

    [Fact]
    public async Task DisposeAsync_DrainTooSlow_FailsWhatWaits()
    {
        var gate = new Gate();
        var model = new FakeModel { OnForward = gate.Pass };
        var options = OneWorker with { ForwardTimeout = TimeSpan.FromMinutes(5) };
        var serving = SchedulerFixture.Start(model, options: options);
        var running = serving.Predict("running");
        await gate.Reached.Within("the first forward");
        var waiting = serving.Predict("waiting");

        var disposing = serving.DisposeAsync().AsTask();
        serving.Time.Advance(options.DrainTimeout);

        var error = await Assert.ThrowsAsync<InferenceException>(() => waiting.Within("failing"));
        Assert.Contains("within 25 s", error.Message, StringComparison.Ordinal);
        gate.Open();
        await running.Within("answering");
        await disposing.Within("disposing");
        Assert.True(model.Disposed.Task.IsCompleted);
    }

    [Fact]
    public async Task Encode_PastItsDeadline_FailsItsCallAndTheModelStays()
    {
        await using var serving = SchedulerFixture.Start(new FakeModel(), options: OneWorker);
        var stuck = Stuck(serving);
        var call = serving.Predict(TextForWorkers);
        await stuck.Within("the tokenization");

        serving.Time.Advance(OneWorker.TokenizeTimeout + TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<TokenizerTimeoutException>(() => call.Within("failing"));
        Assert.Contains("longer than 10 s for one text", error.Message, StringComparison.Ordinal);
        serving.Encoder.OnEncode = _ => { };
        await serving.Predict(TextForWorkers).Within("answering");
        Assert.False(serving.Scheduler.Failure.IsCompleted);
    }

    [Fact]
    public async Task DisposeAsync_TextStillTokenised_StopsItAfterTheDrain()
    {
        var model = new FakeModel();
        var options = OneWorker with { TokenizeTimeout = TimeSpan.FromDays(1) };
        var serving = SchedulerFixture.Start(model, options: options);
        var stuck = Stuck(serving);
        var call = serving.Predict(TextForWorkers);
        await stuck.Within("the tokenization");

        var disposing = serving.DisposeAsync().AsTask();
        serving.Time.Advance(options.DrainTimeout);

        var error = await Assert.ThrowsAsync<InferenceException>(() => call.Within("failing"));
        Assert.Contains("within 25 s", error.Message, StringComparison.Ordinal);
        await disposing.Within("disposing");
        Assert.True(model.Disposed.Task.IsCompleted);
    }

    [Fact]
    public async Task Encode_CallerIsGone_FreesTheWorker()
    {
        await using var serving = SchedulerFixture.Start(new FakeModel(), options: OneWorker);
        var stuck = Stuck(serving);
        using var caller = new CancellationTokenSource();
        var call = serving.Scheduler.PredictAsync(new PredictionInput([TextForWorkers]), OutputFilter.All, caller.Token);
        await stuck.Within("the tokenization");
        serving.Encoder.OnEncode = _ => { };

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within("cancelling"));
        await serving.Predict(TextForWorkers).Within("answering");
    }

    [Fact]
    public async Task PredictAsync_SlowOnTheCallersThread_WorkersFinishIt()
    {
        await using var serving = SchedulerFixture.Start(new FakeModel(), options: OneWorker);
        var caller = Environment.CurrentManagedThreadId;
        var encoded = 0;
        serving.Encoder.OnEncode = deadline =>
        {
            encoded++;
            if (Environment.CurrentManagedThreadId == caller && encoded > 1)
            {
                serving.Time.Advance(TimeSpan.FromSeconds(1));
            }

            deadline.Check();
        };

        var call = serving.Predict("first", "second", "third");

        var result = await call.Within("answering");
        Assert.Equal("firstsecondthird".Length, result.Tokens);
        SchedulerFixture.AssertAnswer("first", result.Documents[0]);
        SchedulerFixture.AssertAnswer("third", result.Documents[2]);

        // The first was done; the second was tried here and once more there.
        Assert.Equal((4, 2), (encoded, serving.Encoder.Threads.Count));
        await serving.AssertIdle();
    }

    [Fact]
    public async Task PredictAsync_TokenizerMayBacktrack_TheCallersThreadIsNotHeldUp()
    {
        await using var serving = SchedulerFixture.Start(new FakeModel(), options: OneWorker);
        serving.Encoder.MayBacktrack = true;
        var caller = Environment.CurrentManagedThreadId;

        var result = await serving.Predict("x").Within("answering");

        SchedulerFixture.AssertAnswer("x", result.Documents[0]);
        Assert.DoesNotContain(caller, serving.Encoder.Threads.Keys);
    }

    [Fact]
    public async Task Start_WarmUpFails_ThrowsAndFreesTheModel()
    {
        var model = new FakeModel { OnForward = _ => throw new InferenceException("no such operator") };
        var warmUp = BatchLayout.Pack([new TokenRow([1, 2, 3])], padId: 0);
        var setup = new SchedulerSetup(
            model,
            new TextEmbeddingFunction(new FakeEncoder()),
            FakeModel.Report(BatchingMode.Padded),
            SchedulerFixture.Options)
        { WarmUp = [warmUp] };

        var error = Assert.Throws<InferenceException>(() => BatchScheduler.Start(setup, "test"));

        Assert.Equal("no such operator", error.Message);
        await model.Disposed.Task.Within("freeing the model");
    }

    [Fact]
    public async Task Start_WarmUp_RunsOnEveryWorkerBeforeItReturns()
    {
        var model = new FakeModel();
        var prepared = 0;
        var setup = new SchedulerSetup(
            model,
            new TextEmbeddingFunction(new FakeEncoder()),
            FakeModel.Report(BatchingMode.Padded),
            SchedulerFixture.Options)
        {
            WarmUp = [BatchLayout.Pack([new([1])], padId: 0), BatchLayout.Pack([new([1, 2])], padId: 0)],
            PrepareThread = () => Interlocked.Increment(ref prepared),
        };

        await using var scheduler = BatchScheduler.Start(setup, "test");

        Assert.Equal((2, 4), (prepared, model.Batches.Count));
        Assert.Equal(new ServingStatistics(0, 0, 0, 0, 0), scheduler.Statistics);
    }

    /// <summary>Has the tokenizer go on until its deadline ends it; completes when it has begun.</summary>
    private static Task Stuck(SchedulerFixture serving)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        serving.Encoder.OnEncode = deadline =>
        {
            begun.TrySetResult();
            while (true)
            {
                deadline.Check();
                Thread.Yield();
            }
        };
        return begun.Task;
    }
}
