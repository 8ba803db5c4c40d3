using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData;
using MlCluster.Messages.Routing;

namespace MlCluster.Node.Routing;

/// <summary>Keeps the <see cref="RoutingTable"/> level with membership and with what the nodes publish.</summary>
/// <remarks>An unreachable node is dropped at once; its removal from the cluster takes many seconds longer.</remarks>
internal sealed class RoutingSubscriber : ReceiveActor
{
    /// <summary>Name under <c>/user</c>.</summary>
    public const string Name = "routing";

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly IActorRef _replicator = DistributedData.Get(Context.System).Replicator;
    private readonly RoutingTable _table;
    private ImmutableDictionary<UniqueAddress, Member> _up = ImmutableDictionary<UniqueAddress, Member>.Empty;
    private ImmutableHashSet<UniqueAddress> _unreachable = [];

    public RoutingSubscriber(RoutingTable table)
    {
        _table = table;
        Receive<Changed>(OnPublished);
        Receive<ClusterEvent.MemberRemoved>(OnRemoved);
        Receive<ClusterEvent.IMemberEvent>(OnMember);
        Receive<ClusterEvent.UnreachableMember>(e => SetUnreachable(_unreachable.Add(e.Member.UniqueAddress)));
        Receive<ClusterEvent.ReachableMember>(e => SetUnreachable(_unreachable.Remove(e.Member.UniqueAddress)));
        Receive<IUpdateResponse>(_ => { });
    }

    protected override void PreStart()
    {
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.IReachabilityEvent));
        _replicator.Tell(Dsl.Subscribe(NodePublisher.Key, Self));
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void OnPublished(Changed changed)
    {
        var published = changed.Get(NodePublisher.Key).Entries.ToImmutableDictionary(StringComparer.Ordinal);
        _table.Update(state => state with { Published = published });
    }

    private void OnMember(ClusterEvent.IMemberEvent e)
    {
        var member = e.Member;
        _up = member.Status == MemberStatus.Up
            ? _up.SetItem(member.UniqueAddress, member)
            : _up.Remove(member.UniqueAddress);
        UpdateMembers();
    }

    private void OnRemoved(ClusterEvent.MemberRemoved e)
    {
        _unreachable = _unreachable.Remove(e.Member.UniqueAddress);
        OnMember(e);
        Forget(KeyOf(e.Member));
    }

    // Distributed data keeps what a node wrote after the node is gone.
    private void Forget(string key) =>
        _replicator.Tell(Dsl.Update(
            NodePublisher.Key,
            LWWDictionary<string, NodeDeployments>.Empty,
            WriteLocal.Instance,
            nodes => nodes.ContainsKey(key) ? nodes.Remove(_cluster, key) : nodes));

    private void SetUnreachable(ImmutableHashSet<UniqueAddress> unreachable)
    {
        _unreachable = unreachable;
        UpdateMembers();
    }

    private void UpdateMembers()
    {
        ImmutableArray<ClusterMember> members =
        [
            .. _up.Values.Order(Member.AgeOrdering)
                .Select(m => new ClusterMember(KeyOf(m), m.Roles, !_unreachable.Contains(m.UniqueAddress))),
        ];
        _table.Update(state => state with { Members = members });
    }

    private static string KeyOf(Member member) =>
        ClusterMember.KeyOf(member.UniqueAddress.Address.ToString(), member.UniqueAddress.Uid);
}
