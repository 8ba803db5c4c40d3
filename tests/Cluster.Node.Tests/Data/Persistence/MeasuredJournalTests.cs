using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Persistence;
using MlCluster.Messages;
using MlCluster.Messages.Deployments;
using MlCluster.Node.Telemetry;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Telemetry;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>Writes to a real database, timed.</summary>
public sealed class MeasuredJournalTests
{
    private const string Duration = "mlcluster.journal.write.duration";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("sql")]
    [InlineData("chunks")]
    public async Task Persist_ThreeEventsOneByOne_TimesThreeWrites(string journal)
    {
        var node = new NodeId($"node-{Guid.NewGuid():N}");
        using var database = TestDatabase.Sqlite();
        using var metrics = new NodeMetrics(node);
        using var reader = new MetricReader(node);
        var system = ActorSystem.Create("measured", ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(database.Config), new MetricsSetup(metrics)));
        var writer = system.ActorOf(Props.Create(() => new Writer($"akka.persistence.journal.{journal}")));

        for (var i = 0; i < 3; i++)
        {
            using var written = Inbox.Create(system);
            written.Send(writer, "write");
            await written.ReceiveAsync(Patience);
        }

        await system.Terminate();
        var times = reader.Recorded(Duration, ("journal", journal));
        Assert.Equal(3, times.Count);
        Assert.All(times, t => Assert.InRange(t, double.Epsilon, Patience.TotalSeconds));
        Assert.Empty(reader.Recorded("mlcluster.journal.write.failures"));
    }

    private sealed class Writer : ReceivePersistentActor
    {
        public Writer(string journal)
        {
            JournalPluginId = journal;
            Recover<ClusterNamed>(_ => { });
            Command<string>(_ =>
            {
                var sender = Sender;
                Persist(new ClusterNamed("u", 1), e => sender.Tell(e));
            });
        }

        public override string PersistenceId => "measured";
    }
}
