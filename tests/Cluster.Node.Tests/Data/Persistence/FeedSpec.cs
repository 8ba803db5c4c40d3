using Akka.Actor;
using Akka.Persistence.Query;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Data.Supervision;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>Who follows the journal by tag sees every tagged event once, in order, and no removed one.</summary>
public abstract class FeedSpec(ITestDatabase database) : ModelKit(database)
{
    private const int Writers = 12;

    [SkippableFact]
    public async Task Read_ManyWritersAtOnce_GivesEachTaggedEventOnceInTheOrderOfItsEntity()
    {
        foreach (var task in Enumerable.Range(0, Writers).Select(n => new TaskId($"t{n}")))
        {
            Tasks.Tell(Create(task));
            // Steps inside a task are not tagged.
            Tasks.Tell(new ReportProgress(task, 0.5f, Some.Model));
            Tasks.Tell(new FinishTask(task, Some.Model, null));
        }

        var events = await ReadAsync(2 * Writers, batch: 5);

        var byTask = events.Cast<ITaskEvent>().GroupBy(e => e.TaskId).ToList();
        Assert.Equal(Writers, byTask.Count);
        Assert.All(byTask, t => Assert.Equal([typeof(TaskCreated), typeof(TaskFinished)], t.Select(e => e.GetType())));
    }

    [SkippableFact]
    public async Task Read_AfterRemoval_GivesTheTombstoneAlone()
    {
        RegisterMeta(Bytes(1_500), 2);
        Ask<ModelDeletedReply>(new DeleteModel(Some.Model, new CommandId("d")));
        Await(() => Assert.Equal(1, Database.JournalRows("model-model-1")));

        Assert.IsType<ModelPurged>(Assert.Single(await ReadAsync(1, batch: 100)));
    }

    private protected static CreateTask Create(TaskId task) => new(
        task,
        Some.Model,
        TaskType.RegisterModel,
        "TEXT_EMBEDDING",
        Messages.Tasks.TaskStatus.Created,
        [Some.NodeA],
        Dialect.Current);

    /// <summary>Reads from the beginning until there are so many events, and a little further.</summary>
    private protected async Task<List<object>> ReadAsync(int count, int batch)
    {
        var feed = await AttentionFeed.OpenAsync(Sys, AttentionFeed.ReadJournal, batch);
        var (next, events) = (Offset.NoOffset(), new List<object>());
        using var deadline = new CancellationTokenSource(Patience);
        for (var ends = 0; events.Count < count || ends < 2;)
        {
            Assert.False(deadline.IsCancellationRequested, $"awaited: {count} tagged events; {events.Count} came");
            var read = await feed.ReadAsync(next);
            events.AddRange(read.Events);
            (next, ends) = (read.Next, read.IsEnd ? ends + 1 : 0);
        }

        return events;
    }
}
