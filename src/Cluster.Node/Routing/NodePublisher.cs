using Akka.Actor;
using Akka.DistributedData;
using Akka.Event;
using MlCluster.Messages.Routing;

namespace MlCluster.Node.Routing;

/// <summary>Writes this node's <see cref="NodeDeployments"/> into distributed data whenever it changes.</summary>
/// <remarks>
/// A register for each process that is a member, written by that process alone: conflicts cannot occur, and a change
/// sends one node's word. One dictionary of all lost the word of a node that came back while the others forgot the one
/// before it: in one of ten kills its entry was merged away everywhere.
/// </remarks>
internal sealed class NodePublisher : ReceiveActor
{
    /// <summary>Name under <c>/user</c>.</summary>
    public const string Name = "node-publisher";

    private const string KeyPrefix = "node-deployments/";

    // A lost node lets this time pass; the others have the word long before.
    private static readonly WriteAll ToAll = new(TimeSpan.FromSeconds(3));

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly IActorRef _replicator = DistributedData.Get(Context.System).Replicator;
    private readonly LocalNode _local;

    public NodePublisher(LocalNode local)
    {
        _local = local;
        Receive<NodeDeployments>(node => Write(node, ToAll, request: null));
        Receive<Withdraw>(OnWithdraw);
        Receive<IUpdateResponse>(OnWritten);
    }

    /// <summary>Where a node's word lies.</summary>
    /// <param name="member">Its <see cref="ClusterMember.Key"/>.</param>
    public static LWWRegisterKey<NodeDeployments> KeyOf(string member) => new(KeyPrefix + member);

    /// <summary>Whose word lies there; the reverse of <see cref="KeyOf"/>.</summary>
    public static string MemberOf(IKey key) => key.Id[KeyPrefix.Length..];

    private void Write(NodeDeployments node, IWriteConsistency consistency, object? request)
    {
        var self = _cluster.SelfUniqueAddress;
        _replicator.Tell(Dsl.Update(
            KeyOf(ClusterMember.KeyOf(node.Address, node.Incarnation)),
            new LWWRegister<NodeDeployments>(self, node),
            consistency,
            request!,
            word => word.WithValue(self, node)));
    }

    private void OnWithdraw(Withdraw withdraw)
    {
        if (_local.Current is { } node)
        {
            Write(node, new WriteAll(withdraw.Timeout), withdraw);
        }
        else
        {
            withdraw.Done.TrySetResult();
        }
    }

    private void OnWritten(IUpdateResponse response)
    {
        // A timeout undoes nothing: the write is local at least and spreads by gossip.
        if (!response.IsSuccessful && response is not UpdateTimeout)
        {
            _log.Warning("node {0} could not publish itself: {1}", _cluster.SelfAddress, response);
        }

        (response.Request as Withdraw)?.Done.TrySetResult();
    }

    /// <summary>Writes the node's newest word to all others before it goes on leaving.</summary>
    /// <param name="Done">Completed when they have it, or <paramref name="Timeout"/> is over.</param>
    public sealed record Withdraw(TimeSpan Timeout, TaskCompletionSource Done) : INoSerializationVerificationNeeded;
}
