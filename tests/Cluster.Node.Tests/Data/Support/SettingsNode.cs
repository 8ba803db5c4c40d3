using Akka.Actor;
using Akka.Configuration;
using MlCluster.Messages.Routing;
using MlCluster.Messages.Settings;
using MlCluster.Node.Data.Settings;
using MlCluster.Node.Settings;
using MlCluster.Node.Tests.Domain;

namespace MlCluster.Node.Tests.Data.Support;

/// <summary>A cluster of one process that owns settings: a real journal, real distributed data.</summary>
internal sealed class SettingsNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ActorSystem _system;
    private readonly FakeViews _views = new();
    private IActorRef _owner;

    private SettingsNode(ActorSystem system)
    {
        _system = system;
        var cluster = Akka.Cluster.Cluster.Get(system);
        cluster.Join(cluster.SelfAddress);
        Address = cluster.SelfAddress.ToString();
        Show();
        system.ActorOf(Props.Create(() => new SettingsSubscriber(Settings)), SettingsSubscriber.Name);
        _owner = StartOwner();
    }

    /// <summary>What this node goes by.</summary>
    public ClusterSettings Settings { get; } = new();

    public string Address { get; }

    public static SettingsNode Start(ITestDatabase database) => new(ActorSystem.Create(
        "settings",
        ConfigurationFactory.ParseString("""
            akka.actor.provider = cluster
            akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
            """).WithFallback(database.Config)));

    /// <summary>What the owner takes for the nodes of the cluster: this one, and others.</summary>
    public void Show(params NodeDeployments[] others) =>
        _views.Show([FakeViews.Node(Some.NodeA, Address), .. others]);

    /// <summary>Asks the owner for a change.</summary>
    public ISettingsReply Change(SettingChange[] persistent, params SettingChange[] transient)
    {
        using var inbox = Inbox.Create(_system);
        inbox.Send(_owner, new ChangeSettings(persistent, transient));
        return (ISettingsReply)inbox.Receive(Patience);
    }

    /// <summary>Has the owner end and another one begin, as when the singleton moves.</summary>
    public async Task MoveOwnerAsync()
    {
        Assert.True(await _owner.GracefulStop(Patience));
        _owner = StartOwner();
    }

    /// <summary>Waits until this node goes by a version.</summary>
    public async Task UntilVersionAsync(long version)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (Settings.Current.Version < version)
        {
            Assert.False(
                deadline.IsCancellationRequested,
                $"awaited: the node goes by settings {version}; it goes by {Settings.Current.Version}");
            await poll.WaitForNextTickAsync();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await _system.Terminate();

    private IActorRef StartOwner()
    {
        var options = new SettingsOptions(
            TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));
        return _system.ActorOf(SettingsActor.Props(new SettingsOwnerSetup(options, TimeProvider.System, _views)));
    }
}
