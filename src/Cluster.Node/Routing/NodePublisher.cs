using Akka.Actor;
using Akka.DistributedData;
using Akka.Event;
using MlCluster.Messages.Routing;

namespace MlCluster.Node.Routing;

/// <summary>Writes this node's <see cref="NodeDeployments"/> into distributed data whenever it changes.</summary>
/// <remarks>One key a node, written by that node alone: conflicts cannot occur.</remarks>
internal sealed class NodePublisher : ReceiveActor
{
    /// <summary>Name under <c>/user</c>.</summary>
    public const string Name = "node-publisher";

    /// <summary>Where every node's word lies, by <see cref="ClusterMember.Key"/>.</summary>
    public static readonly LWWDictionaryKey<string, NodeDeployments> Key = new("node-deployments");

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly IActorRef _replicator = DistributedData.Get(Context.System).Replicator;
    private readonly LocalNode _local;

    public NodePublisher(LocalNode local)
    {
        _local = local;
        Receive<NodeDeployments>(node => Write(node, WriteLocal.Instance, request: null));
        Receive<Withdraw>(OnWithdraw);
        Receive<IUpdateResponse>(OnWritten);
    }

    private void Write(NodeDeployments node, IWriteConsistency consistency, object? request)
    {
        var key = ClusterMember.KeyOf(node.Address, node.Incarnation);
        _replicator.Tell(Dsl.Update(
            Key,
            LWWDictionary<string, NodeDeployments>.Empty,
            consistency,
            request!,
            nodes => nodes.SetItem(_cluster, key, node)));
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
