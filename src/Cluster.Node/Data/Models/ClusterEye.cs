using MlCluster.Messages;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Settings;

namespace MlCluster.Node.Data.Models;

/// <summary>The cluster as one model sees it, with a memory of how long wanted nodes have been away.</summary>
internal sealed class ClusterEye(ModelId model, ModelServices services)
{
    private readonly Dictionary<NodeId, long> _awaySince = [];

    public ModelContext Look(ModelState state)
    {
        var now = services.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var view = services.Views.Current;
        var settings = services.Settings.Current;
        Note(state, view, now);
        var grace = (long)services.Options.NodeLostAfter.TotalMilliseconds;
        return new ModelContext(
            now,
            FactsOf(view, model, settings),
            _awaySince.Where(a => now - a.Value >= grace).Select(a => a.Key).ToHashSet(),
            services.FreeDiskBytes(),
            services.Options.Limits.With(settings))
        {
            Unreachable = view.UnreachableMlNodes,
            HasRepository = services.Downloads.Repository is not null,
        };
    }

    public static IReadOnlyList<NodeFacts> FactsOf(ClusterView view, ModelId model, SettingsSnapshot settings)
    {
        var serving = view.ReplicasOf(model);
        return
        [
            .. view.EligibleNodes.Select(n => new NodeFacts(
                n.NodeId, n.Node.Incarnation, n.Node.Address, serving.Any(r => r.Node.NodeId == n.NodeId))
            {
                Placement = n.PlacementUnder(settings),
            }),
        ];
    }

    // A view without this node is of a time before it joined: it says nothing of the others.
    private void Note(ModelState state, ClusterView view, long now)
    {
        var present = view.EligibleNodes.Select(n => n.NodeId).ToHashSet();
        var ready = view.Nodes.ContainsKey(services.NodeId);
        var noted = _awaySince.Keys.Where(n => present.Contains(n) || !state.Plan.Nodes.ContainsKey(n));
        foreach (var node in noted.ToList())
        {
            _awaySince.Remove(node);
        }

        foreach (var node in state.Plan.Nodes.Keys.Where(n => ready && !present.Contains(n)))
        {
            _awaySince.TryAdd(node, now);
        }
    }
}
