using Akka.Actor;
using Akka.Cluster;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Ml;

namespace MlCluster.Node.Hosting;

/// <summary>Says why this node should be given no work; an empty list is ready.</summary>
internal sealed class NodeReadiness(
    ActorSystem system,
    IClusterViewSource view,
    IClusterSettings settings,
    JournalProbe journal,
    NodeContext context,
    IServiceProvider services)
{
    // A node without role ml has none.
    private readonly ModelRuntimeSource? _engine = services.GetService<ModelRuntimeSource>();

    /// <summary>False before a seed has let this node in; before that it has the status of one that left.</summary>
    public bool HasJoined => Akka.Cluster.Cluster.Get(system).SelfMember.Status != MemberStatus.Removed;

    /// <summary>Reasons for 503 on <c>/health/ready</c>.</summary>
    public async Task<IReadOnlyList<string>> ReasonsAsync(CancellationToken cancellationToken)
    {
        string?[] reasons = [OfCluster(), OfRouting(), await OfJournalAsync(cancellationToken), OfEngine()];
        string[] found = [.. reasons.OfType<string>()];
        return found.Length > 0 || settings.Current.IsKnown
            ? found
            : ["settings: the cluster's settings are not known yet"];
    }

    // Before it joins it has the status of one that left.
    private string? OfCluster() => Akka.Cluster.Cluster.Get(system).SelfMember.Status switch
    {
        MemberStatus.Up => null,
        MemberStatus.Removed => $"cluster: no seed has let this node in yet [{string.Join(", ", context.Options.Seeds)}]",
        var status => $"cluster: this node is {status}",
    };

    private string? OfRouting()
    {
        if (!view.Current.Nodes.TryGetValue(context.NodeId, out var self))
        {
            return "routing: this node is not known to itself yet";
        }

        return self.Draining ? "draining: this node is leaving" : null;
    }

    private async Task<string?> OfJournalAsync(CancellationToken cancellationToken) =>
        context.Options.HasRole(NodeRole.Data) && await journal.CheckAsync(cancellationToken) is { } error
            ? $"journal: {error}"
            : null;

    private string? OfEngine() =>
        _engine?.Problem is { } problem ? $"engine: no model can be loaded on this node: {problem}" : null;
}
