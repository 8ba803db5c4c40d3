using CsCheck;
using MlCluster.Inference.Batching;

namespace MlCluster.Inference.Tests.Batching;

public sealed class BatchPlannerTests
{
    private static readonly Gen<(LengthCount[] Waiting, int Oldest, int Budget)> Queues =
        from lengths in Gen.Int[1, 512].HashSet[1, 60]
        from counts in Gen.Int[1, 40].Array[lengths.Count]
        from oldest in Gen.Int[0, lengths.Count - 1]
        from budget in Gen.Int[1, 4096]
        let waiting = lengths.Order().Zip(counts, (length, count) => new LengthCount(length, count)).ToArray()
        select (waiting, waiting[oldest].Length, budget);

    [Fact]
    public void Plan_AnyQueue_TakesTheOldestAndNoMoreThanWaits() => Queues.Sample(queue =>
    {
        var plan = BatchPlanner.Plan(BatchingMode.Padded, queue.Waiting, queue.Oldest, queue.Budget);

        Assert.Equal(queue.Oldest, plan[0].Length);
        Assert.Equal(plan.Count, plan.Select(take => take.Length).Distinct().Count());
        Assert.All(plan, take =>
            Assert.InRange(take.Count, 1, queue.Waiting.Single(waiting => waiting.Length == take.Length).Count));
    });

    [Fact]
    public void Plan_AnyQueue_KeepsTheBudgetOrTakesOneDocument() => Queues.Sample(queue =>
    {
        var plan = BatchPlanner.Plan(BatchingMode.Padded, queue.Waiting, queue.Oldest, queue.Budget);

        var rows = plan.Sum(take => take.Count);
        var width = plan.Max(take => take.Length);
        Assert.True(rows == 1 || rows * width <= queue.Budget, $"{rows} × {width} tokens, budget {queue.Budget}");
    });

    [Theory]
    [InlineData(BatchingMode.Padded)]
    [InlineData(BatchingMode.EqualLength)]
    internal void Plan_ManyEmptyTexts_TakesNoMoreRowsThanWereRehearsed(BatchingMode mode)
    {
        LengthCount[] waiting = [new(1, 1_000), new(2, 1_000)];

        var plan = BatchPlanner.Plan(mode, waiting, oldestLength: 2, budget: 1024);

        Assert.Equal(1024 / BatchPlanner.LeastWidth, plan.Sum(take => take.Count));
    }

    [Fact]
    public void Plan_AnyQueue_BoundsThePadding() => Queues.Sample(queue =>
    {
        var plan = BatchPlanner.Plan(BatchingMode.Padded, queue.Waiting, queue.Oldest, queue.Budget);

        var all = plan.Sum(take => take.Count) * plan.Max(take => take.Length);
        var padding = all - plan.Sum(take => take.Count * take.Length);
        Assert.InRange(padding, 0, BatchPlanner.MaxPadding);
    });

    [Fact]
    public void Plan_EqualLength_TakesOneLengthUpToTheBudget() => Queues.Sample(queue =>
    {
        var plan = BatchPlanner.Plan(BatchingMode.EqualLength, queue.Waiting, queue.Oldest, queue.Budget);

        var waiting = queue.Waiting.Single(length => length.Length == queue.Oldest).Count;
        var count = Math.Clamp(queue.Budget / Math.Max(BatchPlanner.LeastWidth, queue.Oldest), 1, waiting);
        Assert.Equal([new LengthCount(queue.Oldest, count)], plan);
    });

    [Theory]
    [InlineData(BatchingMode.OneByOne)]
    [InlineData(BatchingMode.Exclusive)]
    internal void Plan_SingleModes_TakeOneDocument(BatchingMode mode) => Queues.Sample(queue =>
        Assert.Equal(
            [new LengthCount(queue.Oldest, 1)],
            BatchPlanner.Plan(mode, queue.Waiting, queue.Oldest, queue.Budget)));

    [Fact]
    public void Plan_NeighboursOnBothSides_TakesTheNearerFirst()
    {
        LengthCount[] waiting = [new(10, 1), new(48, 3), new(50, 4), new(51, 5), new(90, 9)];

        var plan = BatchPlanner.Plan(BatchingMode.Padded, waiting, oldestLength: 50, budget: 1024);

        Assert.Equal([new(50, 4), new(51, 5), new(48, 3)], plan);
    }

    [Fact]
    public void Plan_ShortTexts_ShareAForwardThoughTheyDiffer()
    {
        LengthCount[] waiting = [new(3, 1), new(5, 1), new(8, 1)];

        var plan = BatchPlanner.Plan(BatchingMode.Padded, waiting, oldestLength: 5, budget: 128);

        Assert.Equal(3, plan.Sum(take => take.Count));
    }

    [Theory]
    [InlineData(5000, 1024)]
    [InlineData(2000, 1000)]
    [InlineData(5, BatchPlanner.MinShare)]
    public void Budget_TwoWorkers_SharesASmallQueue(long waiting, int budget) =>
        Assert.Equal(budget, BatchPlanner.Budget(waiting, workers: 2, maxTokens: 1024));
}
