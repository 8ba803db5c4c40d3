using Akka.Actor;
using Akka.DistributedData;
using MlCluster.Messages.Settings;
using MlCluster.Node.Domain.Settings;

namespace MlCluster.Node.Settings;

/// <summary>Takes settings for this node: from the SettingsActor at each change, and from distributed data what was
/// there before the node joined, or what it missed.</summary>
internal sealed class SettingsSubscriber : ReceiveActor
{
    /// <summary>Name under <c>/user</c>.</summary>
    public const string Name = "settings";

    private readonly IActorRef _replicator = DistributedData.Get(Context.System).Replicator;
    private readonly ClusterSettings _settings;

    public SettingsSubscriber(ClusterSettings settings)
    {
        _settings = settings;
        Receive<PublishedSettings>(OnTold);
        Receive<Changed>(changed => Take(changed.Get(Key).Value));
    }

    /// <summary>Where they lie in distributed data.</summary>
    public static LWWRegisterKey<PublishedSettings> Key { get; } = new("cluster-settings");

    protected override void PreStart() => _replicator.Tell(Dsl.Subscribe(Key, Self));

    private void OnTold(PublishedSettings settings)
    {
        Take(settings);
        Sender.Tell(new SettingsTaken(_settings.Current.Version));
    }

    private void Take(PublishedSettings settings) => _settings.Take(
        SettingsSnapshot.Of(settings.Version, settings.Persistent, settings.Transient));
}
