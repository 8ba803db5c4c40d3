using Akka.Actor;
using Akka.DistributedData;
using Akka.Event;
using Akka.Pattern;
using MlCluster.Messages;
using MlCluster.Messages.Settings;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Settings;

namespace MlCluster.Node.Data.Settings;

/// <summary>
/// Cluster singleton: owns the cluster's settings. A change is decided by <see cref="SettingsDecisions"/>, made
/// durable, published, and answered when every node that can be reached goes by it.
/// </summary>
/// <remarks>
/// Transient settings are in the journal like the others, so that no move of the singleton loses them. What was
/// published lives in distributed data as long as any node does: when nobody remembers it, the whole cluster has
/// restarted, and transient settings end.
/// </remarks>
internal sealed class SettingsActor : EntityActor<SettingsSaved>
{
    private readonly SettingsOwnerSetup _setup;
    private readonly IActorRef _replicator = DistributedData.Get(Context.System).Replicator;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly SettingsSpread _spread;

    // A node that is about to be found dead must not make the others forget.
    private readonly Queue<IReadConsistency> _memories;
    private SettingsSnapshot _state = SettingsSnapshot.Initial;
    private bool _isReady;

    public SettingsActor(SettingsOwnerSetup setup)
        : base("cluster-settings", Timeout.InfiniteTimeSpan)
    {
        _setup = setup;
        var patience = setup.Options.PublishTimeout;
        _memories = new([new ReadAll(patience), new ReadMajority(patience), ReadLocal.Instance]);
        _spread = new SettingsSpread(Context, setup.Views, patience);
        Command<ChangeSettings>(OnChange);
        Command<SettingsTaken>(taken => _spread.OnTaken(Sender, taken.Version));
        Command<SettingsSpread.Overdue>(overdue => _spread.OnOverdue(overdue));
        Command<IGetResponse>(OnMemory);
        Command<IUpdateResponse>(OnPublished);
    }

    protected override bool IsBusy => true;

    /// <summary>The singleton: starts the owner again when its journal failed.</summary>
    public static Props Props(SettingsOwnerSetup setup) => BackoffSupervisor.Props(Backoff.OnStop(
        Akka.Actor.Props.Create(() => new SettingsActor(setup)),
        "owner",
        setup.Options.RestartDelay,
        setup.Options.MaxRestartDelay,
        randomFactor: 0.1,
        maxNrOfRetries: -1));

    // Each event holds everything.
    protected override bool StandsAlone(SettingsSaved e) => true;

    protected override void Apply(SettingsSaved e) => _state = SettingsDecisions.Apply(e, LastSequenceNr);

    protected override IClusterProtocol Refusal(ProtocolError error) => new SettingsRejected(error);

    protected override void OnRecovered() => AskForMemories();

    private void AskForMemories() => _replicator.Tell(Dsl.Get(SettingsSubscriber.Key, _memories.Dequeue()));

    private void OnMemory(IGetResponse response)
    {
        if (response.IsFailure && _memories.Count > 0)
        {
            AskForMemories();
            return;
        }

        var restarted = response is GetSuccess ? null : SettingsDecisions.Restarted(_state, Now());
        Keep(restarted is null ? [] : [restarted], ActorRefs.Nobody, Begin);
    }

    private void Begin()
    {
        _isReady = true;
        Publish(ActorRefs.Nobody);
        Stash.UnstashAll();
    }

    private void OnChange(ChangeSettings command)
    {
        if (!_isReady)
        {
            Stash.Stash();
            return;
        }

        var caller = Sender;
        var decision = SettingsDecisions.Decide(_state, command, Now());
        if (decision.Refusal is { } refusal)
        {
            caller.Tell(new SettingsRejected(refusal));
            return;
        }

        Keep(decision.Event is { } saved ? [saved] : [], caller, () =>
        {
            LogChange(decision.Event);
            Publish(caller);
        });
    }

    // Nodes that are members now are told; distributed data is for those that join, or cannot be reached. Its register
    // goes by the version: clocks of nodes differ.
    private void Publish(IActorRef caller)
    {
        var self = _cluster.SelfUniqueAddress;
        var settings = new PublishedSettings(
            _state.Version,
            SettingsSnapshot.Entries(_state.Persistent),
            SettingsSnapshot.Entries(_state.Transient));
        _replicator.Tell(Dsl.Update(
            SettingsSubscriber.Key,
            new LWWRegister<PublishedSettings>(self, settings, Version),
            new WriteAll(_setup.Options.PublishTimeout),
            word => word.WithValue(self, settings, Version)));
        _spread.Begin(settings, caller);
    }

    private static long Version(long current, PublishedSettings settings) => settings.Version;

    // A timeout undoes nothing: the write is local at least and spreads by gossip.
    private void OnPublished(IUpdateResponse response)
    {
        if (!response.IsSuccessful && response is not UpdateTimeout)
        {
            Log.Warning("Settings {0} could not be published: {1}", _state.Version, response);
        }
    }

    private void LogChange(SettingsSaved? saved)
    {
        if (saved is not null)
        {
            Log.Info(
                "Cluster settings {0}: persistent [{1}], transient [{2}]",
                _state.Version,
                Shown(saved.Persistent),
                Shown(saved.Transient));
        }
    }

    private static string Shown(IEnumerable<SettingEntry> entries) =>
        string.Join(", ", entries.Select(e => $"{e.Name}={e.Value}"));

    private long Now() => _setup.Time.GetUtcNow().ToUnixTimeMilliseconds();
}

/// <summary>What the owner of the settings uses.</summary>
internal sealed record SettingsOwnerSetup(SettingsOptions Options, TimeProvider Time, IClusterViewSource Views);
