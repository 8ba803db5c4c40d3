using CsCheck;

namespace MlCluster.Inference.Tests.Batching;

public sealed class BatchSchedulerTests
{
    private static readonly ServingOptions OneWorker = SchedulerFixture.Options with { Workers = 1 };

    [Theory]
    [InlineData(BatchingMode.Padded)]
    [InlineData(BatchingMode.EqualLength)]
    [InlineData(BatchingMode.OneByOne)]
    [InlineData(BatchingMode.Exclusive)]
    internal Task PredictAsync_ManyCallsAtOnce_AnswersEachAsAlone(BatchingMode mode)
    {
        var texts = Gen.String[Gen.Char['a', 'z'], 1, 60].Array[1, 40];
        return texts.Array[1, 8].SampleAsync(
            async calls =>
            {
                await using var serving = SchedulerFixture.Start(new FakeModel(), mode);

                var results = await Task.WhenAll(calls.Select(call => Task.Run(() => serving.Predict(call))))
                    .Within("answering");

                foreach (var (call, result) in calls.Zip(results))
                {
                    Assert.Equal(call.Sum(text => text.Length), result.Tokens);
                    call.Zip(result.Documents).ToList().ForEach(
                        pair => SchedulerFixture.AssertAnswer(pair.First, pair.Second));
                }
            },
            iter: 40);
    }

    [Fact]
    public async Task PredictAsync_BigCall_IsTokenisedByTheWorkersAndAnsweredInOrder()
    {
        await using var serving = SchedulerFixture.Start(new FakeModel());
        var texts = Enumerable.Range(0, 5000).Select(i => new string((char)('a' + (i % 26)), 1 + (i % 60))).ToArray();

        var call = serving.Predict(texts);
        var caller = Environment.CurrentManagedThreadId;
        var result = await call.Within("answering");

        Assert.DoesNotContain(caller, serving.Encoder.Threads.Keys);
        texts.Zip(result.Documents).ToList().ForEach(pair => SchedulerFixture.AssertAnswer(pair.First, pair.Second));
        await serving.AssertIdle();
    }

    [Fact]
    public async Task PredictAsync_CallsThatWait_ShareAForward()
    {
        var gate = new Gate();
        await using var serving = SchedulerFixture.Start(new FakeModel { OnForward = gate.Pass }, options: OneWorker);
        var first = serving.Predict("first");
        await gate.Reached.Within("the first forward");

        var others = new[] { serving.Predict("abcd"), serving.Predict("efghi"), serving.Predict("jklm") };
        gate.Open();
        await Task.WhenAll([first, .. others]).Within("answering");

        Assert.Equal([1, 3], serving.Model.Batches.Select(batch => batch.Rows));
    }

    [Fact]
    public async Task PredictAsync_EqualLengthMode_NeverPads()
    {
        await using var serving = SchedulerFixture.Start(new FakeModel(), BatchingMode.EqualLength);

        await serving.Predict([.. Enumerable.Range(0, 200).Select(i => new string('x', 1 + (i % 7)))])
            .Within("answering");

        Assert.All(serving.Model.Batches, batch => Assert.DoesNotContain(0, batch.AttentionMask));
        Assert.Equal(0, serving.Scheduler.Statistics.PaddingShare);
    }

    [Fact]
    public async Task PredictAsync_ExclusiveMode_RunsOneDocumentAtATime()
    {
        await using var serving = SchedulerFixture.Start(new FakeModel(), BatchingMode.Exclusive);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => serving.Predict("a", "bc"))).Within("answering");

        Assert.Equal(1, serving.Model.MostAtOnce);
        Assert.All(serving.Model.Batches, batch => Assert.Equal(1, batch.Rows));
    }

    [Fact]
    public async Task PredictAsync_QueueFull_IsRefusedAndNothingIsQueued()
    {
        var gate = new Gate();
        await using var serving = SchedulerFixture.Start(
            new FakeModel { OnForward = gate.Pass }, options: OneWorker with { MaxQueuedTokens = 10 });
        var running = serving.Predict("running");
        await gate.Reached.Within("the first forward");
        var bigButAlone = serving.Predict("longer than the whole queue");

        var refused = await Assert.ThrowsAsync<QueueFullException>(() => serving.Predict("x").Within("refusing"));

        Assert.Equal((27, 10), (refused.QueuedTokens, refused.MaxQueuedTokens));
        Assert.Equal(7 + 27, serving.Scheduler.Statistics.QueuedTokens);
        gate.Open();
        await Task.WhenAll(running, bigButAlone).Within("answering");
        Assert.Equal(2, serving.Scheduler.Statistics.Documents);
    }

    [Fact]
    public async Task PredictAsync_BigCallOnAFullQueue_IsRefusedBeforeItIsTokenised()
    {
        var gate = new Gate();
        await using var serving = SchedulerFixture.Start(
            new FakeModel { OnForward = gate.Pass }, options: OneWorker with { MaxQueuedTokens = 100 });
        var running = serving.Predict("running");
        await gate.Reached.Within("the first forward");
        var waiting = serving.Predict("waiting");
        var big = Enumerable.Repeat(new string('x', 60), 100).ToArray();

        await Assert.ThrowsAsync<QueueFullException>(() => serving.Predict(big).Within("refusing"));

        Assert.Equal(14, serving.Scheduler.Statistics.QueuedTokens);
        gate.Open();
        await Task.WhenAll(running, waiting).Within("answering");
    }

    [Fact]
    public async Task PredictAsync_CallerGone_DropsWhatWaits()
    {
        var gate = new Gate();
        await using var serving = SchedulerFixture.Start(new FakeModel { OnForward = gate.Pass }, options: OneWorker);
        var running = serving.Predict("running");
        await gate.Reached.Within("the first forward");
        using var caller = new CancellationTokenSource();
        var gone = serving.Scheduler.PredictAsync(new(["gone", "too"]), OutputFilter.All, caller.Token);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone.Within("cancelling"));
        Assert.Equal(7, serving.Scheduler.Statistics.QueuedTokens);
        gate.Open();
        await running.Within("answering");
        await serving.Predict("next").Within("answering");
        Assert.Equal([7, 4], serving.Model.Batches.Select(batch => batch.Width));
    }

    [Fact]
    public async Task PredictAsync_CallerOfABigCallGone_ItsTextsAreNeitherTokenisedNorRun()
    {
        var gate = new Gate();
        await using var serving = SchedulerFixture.Start(new FakeModel { OnForward = gate.Pass }, options: OneWorker);
        var running = serving.Predict("running");
        await gate.Reached.Within("the first forward");
        using var caller = new CancellationTokenSource();
        var gone = serving.Scheduler.PredictAsync(
            new([.. Enumerable.Repeat(new string('x', 60), 10_000)]), OutputFilter.All, caller.Token);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone.Within("cancelling"));
        Assert.Equal(7, serving.Scheduler.Statistics.QueuedTokens);
        gate.Open();
        await running.Within("answering");
        await serving.Predict("next").Within("answering");
        Assert.Equal(2, serving.Scheduler.Statistics.Documents);
    }

    [Fact]
    public async Task PredictAsync_SmallCallBehindABigOne_WaitsForAForwardOrTwo()
    {
        var gate = new Gate();
        await using var serving = SchedulerFixture.Start(new FakeModel { OnForward = gate.Pass }, options: OneWorker);
        var big = serving.Predict([.. Enumerable.Repeat(new string('x', 60), 10_000)]);
        await gate.Reached.Within("the first forward");

        var small = serving.Predict("small");
        gate.Open();
        await small.Within("answering the small call");

        Assert.True(serving.Model.Batches.ToList().FindIndex(batch => batch.Lengths.Contains(5)) <= 2);
        await big.Within("answering the big call");
    }

    [Fact]
    public async Task PredictAsync_MiddlingCallBehindABigOne_IsTokenisedInItsTurn()
    {
        var gate = new Gate();
        await using var serving = SchedulerFixture.Start(new FakeModel { OnForward = gate.Pass }, options: OneWorker);
        var big = serving.Predict([.. Enumerable.Repeat(new string('x', 60), 10_000)]);
        await gate.Reached.Within("the first forward");

        var middling = serving.Predict([.. Enumerable.Repeat(new string('y', 50), 60)]);
        gate.Open();
        await middling.Within("answering the middling call");

        var firstOfIt = serving.Model.Batches.ToList().FindIndex(batch => batch.Lengths.Contains(50));
        Assert.InRange(firstOfIt, 1, 40);
        await big.Within("answering the big call");
    }

    [Fact]
    public Task PredictAsync_CallersComeAndGo_NothingIsLostOrLeftBehind() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[1, 60], Gen.Bool).Array[1, 30].SampleAsync(
            async calls =>
            {
                await using var serving = SchedulerFixture.Start(new FakeModel());

                await Task.WhenAll(calls.Select(call => Task.Run(async () =>
                {
                    var (texts, length, leaves) = call;
                    using var caller = new CancellationTokenSource();
                    var answer = serving.Scheduler.PredictAsync(
                        new([.. Enumerable.Repeat(new string('x', length), texts)]), OutputFilter.All, caller.Token);
                    if (leaves)
                    {
                        await caller.CancelAsync();
                    }

                    await answer.ContinueWith(_ => { }, TaskScheduler.Default);
                    Assert.True(leaves || answer.IsCompletedSuccessfully, $"{texts} texts: {answer.Status}");
                }))).Within("answering");

                await serving.AssertIdle();
            },
            iter: 30);

    [Fact]
    public async Task PredictAsync_GuiltyDocumentInABatch_FailsItsCallAlone()
    {
        var gate = new Gate();
        var model = new FakeModel
        {
            OnForward = batch =>
            {
                gate.Pass(batch);
                if (batch.InputIds.Contains('!'))
                {
                    throw new InferenceException("the model does not like !");
                }
            },
        };
        await using var serving = SchedulerFixture.Start(model, options: OneWorker);
        var first = serving.Predict("first");
        await gate.Reached.Within("the first forward");

        var innocent = serving.Predict("abc", "def");
        var guilty = serving.Predict("gh", "no!", "ij");
        gate.Open();

        var error = await Assert.ThrowsAsync<InferenceException>(() => guilty.Within("failing"));
        Assert.Equal("the model does not like !", error.Message);
        var result = await innocent.Within("answering");
        SchedulerFixture.AssertAnswer("def", result.Documents[1]);
        await first.Within("answering");
        await serving.AssertIdle();
    }

    [Fact]
    public async Task PredictAsync_GuiltyDocumentAmongMany_CostsFewForwards()
    {
        var gate = new Gate();
        var model = new FakeModel
        {
            OnForward = batch =>
            {
                gate.Pass(batch);
                Assert.False(batch.InputIds.Contains('!'), "the model does not like !");
            },
        };
        await using var serving = SchedulerFixture.Start(model, options: OneWorker);
        var first = serving.Predict("first");
        await gate.Reached.Within("the first forward");

        var calls = Enumerable.Range(0, 63).Select(_ => serving.Predict("ab")).ToArray();
        var guilty = serving.Predict("a!");
        gate.Open();

        await Assert.ThrowsAsync<InferenceException>(() => guilty.Within("failing"));
        await Task.WhenAll([first, .. calls]).Within("answering");
        Assert.InRange(model.Batches.Count, 2, 14);
    }

    [Fact]
    public async Task PredictAsync_BatchComesBackWithOneRow_IsRepeatedOneByOne()
    {
        var model = new FakeModel
        {
            Answer = batch => batch.Rows == 1
                ? FakeModel.Outputs(batch)
                : [FakeModel.Output("sum", 0, [1, 2], [0, 0])],
        };
        await using var serving = SchedulerFixture.Start(model);

        var result = await serving.Predict("abc", "de").Within("answering");

        SchedulerFixture.AssertAnswer("abc", result.Documents[0]);
        SchedulerFixture.AssertAnswer("de", result.Documents[1]);
    }

    [Fact]
    public async Task PredictAsync_Filters_GiveEachCallItsOwnOutputs()
    {
        var gate = new Gate();
        await using var serving = SchedulerFixture.Start(new FakeModel { OnForward = gate.Pass }, options: OneWorker);
        var first = serving.Predict("first");
        await gate.Reached.Within("the first forward");

        var byName = serving.Scheduler.PredictAsync(new(["abc"]), new(["sum"], null, true), CancellationToken.None);
        var shapes = serving.Scheduler.PredictAsync(new(["de"]), new(null, [1], false), CancellationToken.None);
        gate.Open();

        var sum = Assert.Single((await byName.Within("answering")).Documents[0].Tensors);
        Assert.Equal(("sum", 8), (sum.Name, sum.Data.Length));
        var tokens = Assert.Single((await shapes.Within("answering")).Documents[0].Tensors);
        Assert.Equal([2, 1], tokens.Shape);
        Assert.True(tokens.Data.IsEmpty);
        await first.Within("answering");
    }

    [Fact]
    public async Task PredictAsync_TextWithoutTokens_SaysSo()
    {
        await using var serving = SchedulerFixture.Start(new FakeModel());

        var error = await Assert.ThrowsAsync<TextRefusedException>(
            () => serving.Predict("a", string.Empty).Within("failing"));

        Assert.Contains("text 1 has no tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PredictAsync_NoTexts_AnswersNothing()
    {
        await using var serving = SchedulerFixture.Start(new FakeModel());

        Assert.Empty((await serving.Predict().Within("answering")).Documents);
    }

    [Fact]
    public async Task PredictAsync_Times_AddUpToTheCall()
    {
        var gate = new Gate();
        await using var serving = SchedulerFixture.Start(new FakeModel { OnForward = gate.Pass }, options: OneWorker);
        var running = serving.Predict("running");
        await gate.Reached.Within("the first forward");
        serving.Time.Advance(TimeSpan.FromSeconds(2));
        gate.Open();

        var result = await running.Within("answering");

        Assert.Equal(
            (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(2)), (result.Tokenize, result.Queue, result.Forward));
    }

    /// <summary>
    /// Two workers, of which one looks out for so long as a call takes: whoever is about to look, looks, or falls
    /// asleep, a call that nobody takes up stays unanswered, as nothing comes behind it.
    /// </summary>
    [Fact]
    public async Task PredictAsync_TwoWorkersAndPausesOfAllLengths_NoCallIsLeftAsleep()
    {
        var options = SchedulerFixture.Options with { LookOut = TimeSpan.FromMicroseconds(20) };
        await using var serving = SchedulerFixture.Start(new FakeModel(), options: options);
        var random = new Random(Seed: 1);

        for (var round = 0; round < 3_000; round++)
        {
            Thread.SpinWait(random.Next(4_000));
            await Task.WhenAll(Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
            {
                var texts = Enumerable.Repeat("next", random.Next(1, 4)).ToArray();
                var pause = random.Next(2_000);
                return Task.Run(() =>
                {
                    Thread.SpinWait(pause);
                    return serving.Predict(texts);
                });
            })).Within($"answering in round {round}");
        }

        await serving.AssertIdle();
    }

    /// <summary>A worker between looking out and sleeping must not miss a call.</summary>
    [Fact]
    public async Task PredictAsync_CallsWithShorterAndLongerPauses_AreAllAnswered()
    {
        await using var serving = SchedulerFixture.Start(
            new FakeModel(), options: OneWorker with { LookOut = TimeSpan.FromMicroseconds(20) });

        for (var pause = 0; pause < 3_000; pause++)
        {
            Thread.SpinWait(pause);
            await serving.Predict("next").Within("answering");
        }
    }
}
