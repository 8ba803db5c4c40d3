using MlCluster.Inference.Batching;
using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Tests.Batching;

/// <summary>Start, deadline and end of a scheduler.</summary>
public sealed class BatchSchedulerLifeTests
{
    private static readonly ServingOptions OneWorker = SchedulerFixture.Options with { Workers = 1 };

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
}
