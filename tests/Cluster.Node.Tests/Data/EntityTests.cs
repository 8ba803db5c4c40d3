using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.TestKit.Xunit2;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Data;
using MlCluster.Node.Data.Models;
using MlCluster.Node.Data.Supervision;
using MlCluster.Node.Data.Tasks;
using MlCluster.Node.Tests.Domain;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Data;

/// <summary>Entities on a journal in memory: passivation, and a journal that cannot be written.</summary>
public sealed class EntityTests() : TestKit(Journals)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly DataOptions Options = new() { PassivateAfter = TimeSpan.FromMilliseconds(200) };

    private static readonly Config Journals = ConfigurationFactory.ParseString(
        $$"""
        akka.loglevel = OFF
        akka.persistence.journal.plugin = "akka.persistence.journal.broken"
        akka.persistence.journal.broken {
          class = "{{typeof(BreakingJournal).AssemblyQualifiedName}}"
          plugin-dispatcher = "akka.actor.default-dispatcher"
        }
        """);

    [Fact]
    public void Task_JournalFails_AnswersTheCallerAndEnds()
    {
        var task = Task(BreakingJournal.Broken);
        Watch(task);

        task.Tell(Create(BreakingJournal.Broken, TaskStatus.Running), TestActor);

        Assert.Equal(ErrorCode.Unavailable, ExpectMsg<TaskRejected>(Patience).Error.Code);
        ExpectTerminated(task, Patience);
    }

    [Fact]
    public void Task_JournalCannotBeRead_AnswersEveryCallerAndEnds()
    {
        var task = Task(BreakingJournal.Unreadable);
        Watch(task);
        var other = CreateTestProbe();

        task.Tell(Create(BreakingJournal.Unreadable, TaskStatus.Running), TestActor);
        task.Tell(new GetTask(BreakingJournal.Unreadable), other);
        BreakingJournal.LetReadFail.SetResult();

        var refused = ExpectMsg<TaskRejected>(Patience).Error;
        Assert.Equal(ErrorCode.Unavailable, refused.Code);
        Assert.Equal("the journal could not be read: the cable is cut; retry later", refused.Reason);
        Assert.Equal(refused, other.ExpectMsg<TaskRejected>(Patience).Error);
        ExpectTerminated(task, Patience);
    }

    [Fact]
    public void Task_JournalRejects_AnswersTheCallerAndEnds()
    {
        var task = Task(BreakingJournal.Picky);
        Watch(task);

        task.Tell(Create(BreakingJournal.Picky, TaskStatus.Running), TestActor);

        var rejected = ExpectMsg<TaskRejected>(Patience);
        Assert.Contains("no taste for it", rejected.Error.Reason, StringComparison.Ordinal);
        ExpectTerminated(task, Patience);
    }

    [Fact]
    public void Task_Finished_AsksToLeaveMemory()
    {
        var parent = CreateTestProbe();
        var task = parent.ChildActorOf(TaskActor.Props(Some.Registration, Options, TimeProvider.System));
        task.Tell(Create(Some.Registration, TaskStatus.Created), parent);
        parent.ExpectMsg<TaskAccepted>(Patience);
        task.Tell(ReceiveTimeout.Instance, parent);
        task.Tell(new GetTask(Some.Registration), parent);
        parent.ExpectMsg<TaskDocument>(Patience, "an open task answers and has not asked to leave before");

        task.Tell(new FinishTask(Some.Registration, null, null), parent);

        parent.ExpectMsg<TaskAccepted>(Patience);
        Assert.Same(StopEntity.Instance, parent.ExpectMsg<Passivate>(Patience).StopMessage);
    }

    [Fact]
    public void Courier_NoAnswerOrRefusal_SendsAgainUntilTheTaskHasIt()
    {
        var parent = CreateTestProbe();
        var step = new TaskStep(Some.Registration, Creates: true);
        var message = Create(Some.Registration, TaskStatus.Created);
        var courier = parent.ChildActorOf(
            TaskCourier.Props(TestActor, step, message, TimeSpan.FromMilliseconds(100)));

        ExpectMsg(message, Patience);
        courier.Tell(new TaskRejected(Some.Registration, new ProtocolError(ErrorCode.Unavailable, "no journal")));
        ExpectMsg(message, Patience);
        courier.Tell(new TaskAccepted(Some.Registration));

        Assert.Equal(step, parent.ExpectMsg<TaskTold>(Patience).Step);
    }

    [Fact]
    public void Tagger_ChunkEvents_AreNotFollowed()
    {
        var tagger = new AttentionTagger();
        var chunk = new ChunkStored(Some.Model, Some.Chunk(0), 1);
        var settled = new TaskSettled(Some.Model, Some.Deployment, 1);

        Assert.Same(chunk, tagger.ToJournal(chunk));
        Assert.Equal(["attention"], Assert.IsType<Tagged>(tagger.ToJournal(settled)).Tags);
    }

    private IActorRef Task(TaskId id) => Sys.ActorOf(TaskActor.Props(id, Options, TimeProvider.System));

    private static CreateTask Create(TaskId id, TaskStatus status) => new(
        id, Some.Model, TaskType.RegisterModel, "TEXT_EMBEDDING", status, [Some.NodeA], Dialect.Current);

    /// <summary>Keeps events in memory, but for three tasks.</summary>
    public sealed class BreakingJournal : MemoryJournal
    {
        internal static readonly TaskId Broken = new("broken");
        internal static readonly TaskId Picky = new("picky");
        internal static readonly TaskId Unreadable = new("unreadable");
        internal static readonly TaskCompletionSource LetReadFail = new();

        public override async Task<long> ReadHighestSequenceNrAsync(
            string persistenceId, long fromSequenceNr, CancellationToken cancellationToken)
        {
            if (persistenceId == $"task-{Unreadable}")
            {
                await LetReadFail.Task.WaitAsync(Patience, cancellationToken);
                throw new AggregateException(new IOException("the cable is cut"));
            }

            return await base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr, cancellationToken);
        }

        protected override Task<System.Collections.Immutable.IImmutableList<Exception>> WriteMessagesAsync(
            IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
        {
            var writes = messages.ToList();
            if (writes.Exists(w => w.PersistenceId == $"task-{Broken}"))
            {
                throw new IOException("the disk is full");
            }

            if (writes.Exists(w => w.PersistenceId == $"task-{Picky}"))
            {
                return System.Threading.Tasks.Task.FromResult<System.Collections.Immutable.IImmutableList<Exception>>(
                    [new InvalidOperationException("no taste for it")]);
            }

            return base.WriteMessagesAsync(writes, cancellationToken);
        }
    }
}
