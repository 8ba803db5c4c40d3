using MlCluster.Messages;
using MlCluster.Messages.Settings;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>Cluster settings, from the change to the node that goes by it, over restarts.</summary>
public abstract class SettingsSpec(ITestDatabase database) : IAsyncLifetime
{
    private static readonly string Models = MlSettings.MaxModelOnNode.Name;
    private static readonly string Url = MlSettings.AllowUrl.Name;

    /// <inheritdoc />
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc />
    public Task DisposeAsync()
    {
        database.Dispose();
        return Task.CompletedTask;
    }

    [SkippableFact]
    public async Task Start_NothingWasEverSet_IsKnownToTheNode()
    {
        await using var node = SettingsNode.Start(database);

        await node.UntilVersionAsync(0);
        Assert.Equal(SettingsSnapshot.Initial.Version, node.Settings.Current.Version);
    }

    [SkippableFact]
    public async Task Change_Answered_IsWhatTheNodeGoesBy()
    {
        await using var node = SettingsNode.Start(database);

        Assert.Equal(new SettingsChanged(true, 1), node.Change([new(Models, "3")]));
        Assert.Equal(3, node.Settings.Current.Get(MlSettings.MaxModelOnNode, 10));
        Assert.Equal(new SettingsChanged(true, 2), node.Change([new(Models, null)], new SettingChange(Url, "false")));
        Assert.Equal(10, node.Settings.Current.Get(MlSettings.MaxModelOnNode, 10));
        Assert.False(node.Settings.Current.Get(MlSettings.AllowUrl));
    }

    [SkippableFact]
    public async Task Change_Refused_ChangesNothing()
    {
        await using var node = SettingsNode.Start(database);
        node.Change([new(Models, "3")]);

        var refused = Assert.IsType<SettingsRejected>(node.Change([new(Models, "4"), new("a.b", "1")]));

        Assert.Equal(
            new ProtocolError(ErrorCode.IllegalArgument, "persistent setting [a.b], not recognized"), refused.Error);
        Assert.Equal(1, node.Settings.Current.Version);
    }

    [SkippableFact]
    public async Task Owner_Moves_TransientSettingsStay()
    {
        await using var node = SettingsNode.Start(database);
        node.Change([new(Models, "3")], new SettingChange(Url, "false"));

        await node.MoveOwnerAsync();

        // The same again is no change, and is answered all the same.
        Assert.Equal(new SettingsChanged(true, 1), node.Change([new(Models, "3")], new SettingChange(Url, "false")));
        Assert.Equal(new SettingsChanged(true, 2), node.Change([new(Models, "4")]));
        Assert.False(node.Settings.Current.Get(MlSettings.AllowUrl));
    }

    [SkippableFact]
    public async Task Cluster_Restarts_PersistentSettingsStayAndTransientOnesEnd()
    {
        await using (var node = SettingsNode.Start(database))
        {
            node.Change([new(Models, "3")], new SettingChange(Url, "false"));
        }

        await using var later = SettingsNode.Start(database);
        await later.UntilVersionAsync(2);

        Assert.Equal(3, later.Settings.Current.Get(MlSettings.MaxModelOnNode, 10));
        Assert.True(later.Settings.Current.Get(MlSettings.AllowUrl));
    }

    [SkippableFact]
    public async Task Change_NodeThatDoesNotAnswer_IsSavedAndNotAcknowledged()
    {
        await using var node = SettingsNode.Start(database);
        await node.UntilVersionAsync(0);
        node.Show(FakeViews.Node(Some.NodeB, "akka.tcp://settings@127.0.0.1:1"));

        Assert.Equal(new SettingsChanged(false, 1), node.Change([new(Models, "3")]));

        Assert.Equal(3, node.Settings.Current.Get(MlSettings.MaxModelOnNode, 10));
    }

    [SkippableFact]
    public async Task Journal_ManyChanges_KeepsTheLast()
    {
        await using var node = SettingsNode.Start(database);
        for (var n = 1; n <= 5; n++)
        {
            node.Change([new(Models, $"{n}")]);
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (database.JournalRows("cluster-settings") > 1)
        {
            Assert.False(deadline.IsCancellationRequested, "awaited: one event of the settings is left in the journal");
            await poll.WaitForNextTickAsync();
        }

        await node.MoveOwnerAsync();
        Assert.Equal(new SettingsChanged(true, 5), node.Change([new(Models, "5")]));
    }
}
