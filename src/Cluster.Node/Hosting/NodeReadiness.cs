using Akka.Actor;
using Akka.Cluster;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Ml;

namespace MlCluster.Node.Hosting;

/// <summary>Says why this node should be given no work; an empty list is ready.</summary>
internal sealed class NodeReadiness(
    ActorSystem system, IClusterViewSource view, JournalProbe journal, NodeHealth health, NodeContext context)
{
    /// <summary>Reasons for 503 on <c>/health/ready</c>.</summary>
    public async Task<IReadOnlyList<string>> ReasonsAsync(CancellationToken cancellationToken)
    {
        var reasons = new List<string>();
        var member = Akka.Cluster.Cluster.Get(system).SelfMember;
        if (member.Status != MemberStatus.Up)
        {
            reasons.Add($"cluster: this node is {member.Status}");
        }

        if (!view.Current.Nodes.TryGetValue(context.NodeId, out var self))
        {
            reasons.Add("routing: this node is not known to itself yet");
        }
        else if (self.Draining)
        {
            reasons.Add("draining: this node is leaving");
        }

        if (context.Options.HasRole(NodeRole.Data) && await journal.CheckAsync(cancellationToken) is { } error)
        {
            reasons.Add($"journal: {error}");
        }

        return reasons;
    }

    /// <summary>Reasons for a restart, shown by <c>/health/live</c>.</summary>
    public IReadOnlyList<string> RestartReasons => health.Reasons;
}
