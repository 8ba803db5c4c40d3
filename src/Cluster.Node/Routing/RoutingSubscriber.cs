using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData;
using Akka.Remote;

namespace MlCluster.Node.Routing;

/// <summary>Keeps the <see cref="RoutingTable"/> level with membership and with what the nodes publish.</summary>
/// <remarks>
/// A node is dropped when it is unreachable, many seconds before its removal from the cluster, or, much sooner, when its
/// connection broke and its address takes no new one (<see cref="EndedNodes"/>): what waits for it can go elsewhere.
/// Others' word that it is unreachable does not count while this node hears it: one that wakes from a pause has heard
/// nobody, and says so of all.
/// </remarks>
internal sealed class RoutingSubscriber : ReceiveActor, IWithTimers
{
    /// <summary>Name under <c>/user</c>.</summary>
    public const string Name = "routing";

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly IActorRef _replicator = DistributedData.Get(Context.System).Replicator;
    private readonly RoutingTable _table;
    private readonly BrokenLinks _links;
    private readonly RoutingOptions _options;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private ImmutableDictionary<UniqueAddress, Member> _up = ImmutableDictionary<UniqueAddress, Member>.Empty;
    private ImmutableHashSet<UniqueAddress> _unreachable = [];
    private EndedNodes _ended = new();

    public RoutingSubscriber(RoutingTable table, BrokenLinks links, RoutingOptions options)
    {
        (_table, _links, _options) = (table, links, options);
        Receive<Changed>(OnPublished);
        Receive<DataDeleted>(_ => { });
        Receive<ClusterEvent.MemberRemoved>(OnRemoved);
        Receive<ClusterEvent.IMemberEvent>(OnMember);
        Receive<ClusterEvent.UnreachableMember>(e => SetUnreachable(_unreachable.Add(e.Member.UniqueAddress)));
        Receive<ClusterEvent.ReachableMember>(e => SetUnreachable(_unreachable.Remove(e.Member.UniqueAddress)));
        Receive<DisassociatedEvent>(OnDisassociated);
        Receive<QuarantinedEvent>(OnQuarantined);
        Receive<Probed>(OnProbed);
        Receive<ProbeAgain>(e => Probe(e.Node));
        Receive<LookAgain>(_ => UpdateMembers());
        Receive<Forgotten>(e => SetEnded(_ended.Without(e.Node)));
        Receive<IDeleteResponse>(_ => { });
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.IReachabilityEvent));
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(QuarantinedEvent));
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _cluster.Unsubscribe(Self);
    }

    private void OnDisassociated(DisassociatedEvent e)
    {
        List<UniqueAddress> members = [.. _up.Keys.Where(n => n.Address == e.RemoteAddress)];
        if (members.Count > 0)
        {
            _links.Broke(e.RemoteAddress.ToString());
        }

        members.Where(n => !IsUnreachable(n)).ToList().ForEach(Probe);
    }

    // Remoting sends that process nothing any more, though it may live.
    private void OnQuarantined(QuarantinedEvent e)
    {
        foreach (var node in _up.Keys.Where(n => n.Address == e.Address && n.Uid == e.Uid))
        {
            Believe(node, ProbeAnswer.Refuses);
        }
    }

    private void Probe(UniqueAddress node) => _ = PortProbe.AskAsync(node.Address, _options.ProbeTimeout)
        .PipeTo(Self, success: answer => new Probed(node, answer));

    private void OnProbed(Probed probed)
    {
        if (_up.ContainsKey(probed.Node))
        {
            Believe(probed.Node, probed.Answer);
        }
    }

    // The failure detector has the last word: should it never doubt the node, the node is taken back.
    private void Believe(UniqueAddress node, ProbeAnswer answer)
    {
        var isKnown = _ended.Contains(node);
        SetEnded(_ended.With(node, answer));
        if (!isKnown && _ended.Contains(node))
        {
            Timers.StartSingleTimer(node, new Forgotten(node), _options.ForgetEndedAfter);
        }

        if (_ended.MayComeBack(node))
        {
            var again = new ProbeAgain(node);
            Timers.StartSingleTimer(again, again, _options.ProbeAgainAfter);
        }
    }

    private void SetEnded(EndedNodes ended)
    {
        _ended = ended;
        UpdateMembers();
    }

    private void OnPublished(Changed changed)
    {
        var member = NodePublisher.MemberOf(changed.Key);
        if (_known.Contains(member))
        {
            var node = changed.Get(NodePublisher.KeyOf(member)).Value;
            _table.Update(state => state with { Published = state.Published.SetItem(member, node) });
        }
    }

    private void OnMember(ClusterEvent.IMemberEvent e)
    {
        var member = e.Member;
        Listen(KeyOf(member));
        _up = member.Status == MemberStatus.Up
            ? _up.SetItem(member.UniqueAddress, member)
            : _up.Remove(member.UniqueAddress);
        UpdateMembers();
    }

    private void OnRemoved(ClusterEvent.MemberRemoved e)
    {
        _ended = _ended.Without(e.Member.UniqueAddress);
        _up = _up.Remove(e.Member.UniqueAddress);
        if (_up.Keys.All(n => n.Address != e.Member.Address))
        {
            _links.Forget(e.Member.Address.ToString());
        }

        Forget(KeyOf(e.Member));
        SetUnreachable(_unreachable.Remove(e.Member.UniqueAddress));
    }

    private void Listen(string member)
    {
        if (_known.Add(member))
        {
            _replicator.Tell(Dsl.Subscribe(NodePublisher.KeyOf(member), Self));
        }
    }

    // Distributed data keeps what a node wrote after the node is gone.
    private void Forget(string member)
    {
        if (_known.Remove(member))
        {
            var key = NodePublisher.KeyOf(member);
            _replicator.Tell(Dsl.Unsubscribe(key, Self));
            _replicator.Tell(Dsl.Delete(key, WriteLocal.Instance));
            _table.Update(state => state with { Published = state.Published.Remove(member) });
        }
    }

    private void SetUnreachable(ImmutableHashSet<UniqueAddress> unreachable)
    {
        _unreachable = unreachable;
        if (unreachable.IsEmpty)
        {
            Timers.Cancel(nameof(LookAgain));
        }
        else
        {
            // Of a node that is heard no more nothing is told again.
            Timers.StartPeriodicTimer(nameof(LookAgain), LookAgain.Instance, _options.ProbeAgainAfter);
        }

        UpdateMembers();
    }

    private void UpdateMembers()
    {
        ImmutableArray<ClusterMember> members =
        [
            .. _up.Values.Order(Member.AgeOrdering)
                .Select(m => new ClusterMember(KeyOf(m), m.Roles, IsThere(m.UniqueAddress))),
        ];
        _table.Update(state => state.Members.SequenceEqual(members) ? state : state with { Members = members });
    }

    private bool IsThere(UniqueAddress node) => !IsUnreachable(node) && !_ended.Contains(node);

    private bool IsUnreachable(UniqueAddress node) => _unreachable.Contains(node) && !IsHeard(node);

    // In a large cluster each node listens to a few others, and takes their word for the rest.
    private bool IsHeard(UniqueAddress node) =>
        _cluster.FailureDetector.IsMonitoring(node.Address) && _cluster.FailureDetector.IsAvailable(node.Address);

    private static string KeyOf(Member member) =>
        ClusterMember.KeyOf(member.UniqueAddress.Address.ToString(), member.UniqueAddress.Uid);

    private sealed record Probed(UniqueAddress Node, ProbeAnswer Answer) : INoSerializationVerificationNeeded;

    private sealed record ProbeAgain(UniqueAddress Node) : INoSerializationVerificationNeeded;

    private sealed record LookAgain : INoSerializationVerificationNeeded
    {
        public static LookAgain Instance { get; } = new();
    }

    private sealed record Forgotten(UniqueAddress Node) : INoSerializationVerificationNeeded;
}
