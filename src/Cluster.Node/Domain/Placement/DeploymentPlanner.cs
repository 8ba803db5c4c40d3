using MlCluster.Messages;
using static System.FormattableString;

namespace MlCluster.Node.Domain.Placement;

/// <summary>
/// Says which nodes load and unload which models. A pure function: the entity of a model asks it about its own model,
/// the supervisor about all of them, and both get the same answer from the same view.
/// </summary>
/// <remarks>
/// What is placed and wanted stays where it is, whatever the limits say now. A model on named nodes is never given to
/// another one; "all" means every eligible node. What does not fit is refused with the reason; who was deployed first
/// has the room first.
/// </remarks>
internal static class DeploymentPlanner
{
    /// <summary>Makes the plan. Unloads come first: they make room.</summary>
    public static PlacementPlan Plan(
        IReadOnlyList<PlacementNode> nodes, IReadOnlyList<WantedModel> wanted, PlacementRules rules)
    {
        var rooms = nodes.ToDictionary(n => n.NodeId, n => new Room(n, rules));
        var plan = new PlacementPlan([.. Unloads(rooms.Values, wanted)], [], []);
        foreach (var unload in plan.Unloads)
        {
            rooms[unload.Node].Free(unload.Model);
        }

        return wanted
            .OrderBy(w => w.WantedSince)
            .ThenBy(w => w.Model.Value, StringComparer.Ordinal)
            .SelectMany(w => Missing(w, nodes, rules).Select(node => (Wanted: w, Room: rooms[node.NodeId])))
            .Aggregate(plan, (made, step) => Place(made, step.Wanted, step.Room));
    }

    /// <summary>Makes the plan of one model: all others stay where they are.</summary>
    public static PlacementPlan PlanOne(
        IReadOnlyList<PlacementNode> nodes, WantedModel wanted, PlacementRules rules)
    {
        var unloads = nodes.Where(n => n.Has(wanted.Model) && !wanted.Wants(n.NodeId))
            .OrderBy(n => n.NodeId.Value, StringComparer.Ordinal)
            .Select(n => new Assignment(wanted.Model, n.NodeId));
        return Missing(wanted, nodes, rules).Aggregate(
            new PlacementPlan([.. unloads], [], []), (plan, node) => Place(plan, wanted, new Room(node, rules)));
    }

    /// <summary>Nodes that a deployment means: those it names, or all, less those that get no models.</summary>
    /// <param name="named">Ids; empty: all.</param>
    public static IEnumerable<PlacementNode> Targets(
        IEnumerable<PlacementNode> nodes, IReadOnlyCollection<NodeId> named, PlacementRules rules) => nodes
        .Where(n => !rules.Excludes(n) && (named.Count == 0 || named.Contains(n.NodeId)))
        .OrderBy(n => n.NodeId.Value, StringComparer.Ordinal);

    /// <summary>Says why a node has no room for another model; null when it has.</summary>
    /// <param name="sizeBytes">Size of the model's archive.</param>
    public static string? WhyNot(PlacementNode node, long sizeBytes, PlacementRules rules) =>
        new Room(node, rules).WhyNot(sizeBytes);

    private static IEnumerable<PlacementNode> Missing(
        WantedModel wanted, IReadOnlyList<PlacementNode> nodes, PlacementRules rules) =>
        wanted is { ToAll: false, Nodes.Count: 0 }
            ? []
            : Targets(nodes, wanted.ToAll ? [] : wanted.Nodes, rules).Where(n => !n.Has(wanted.Model));

    private static IEnumerable<Assignment> Unloads(IEnumerable<Room> rooms, IReadOnlyList<WantedModel> wanted)
    {
        var byModel = wanted.ToDictionary(w => w.Model);
        return
            from room in rooms
            from placed in room.Node.Models
            where !(byModel.GetValueOrDefault(placed.Model)?.Wants(room.Node.NodeId) ?? false)
            orderby room.Node.NodeId.Value, placed.Model.Value
            select new Assignment(placed.Model, room.Node.NodeId);
    }

    private static PlacementPlan Place(PlacementPlan plan, WantedModel wanted, Room room)
    {
        var assignment = new Assignment(wanted.Model, room.Node.NodeId);
        if (room.WhyNot(wanted.SizeBytes) is { } reason)
        {
            return plan with { Refusals = plan.Refusals.Add(new Refusal(assignment, reason)) };
        }

        room.Take(wanted);
        return plan with { Loads = plan.Loads.Add(assignment) };
    }

    /// <summary>What a node has left while the plan is made.</summary>
    private sealed class Room(PlacementNode node, PlacementRules rules)
    {
        private readonly Dictionary<ModelId, long> _needs =
            node.Models.ToDictionary(m => m.Model, m => rules.MemoryNeeded(m.SizeBytes));

        public PlacementNode Node => node;

        public void Free(ModelId model) => _needs.Remove(model);

        public void Take(WantedModel wanted) => _needs.Add(wanted.Model, rules.MemoryNeeded(wanted.SizeBytes));

        public string? WhyNot(long sizeBytes)
        {
            if (_needs.Count >= node.MaxModels)
            {
                return Invariant(
                    $"Exceed max local model per node limit: node {node.Name} has {_needs.Count} models ")
                    + Invariant($"of at most {node.MaxModels} (max_model_on_node); undeploy one first");
            }

            var (need, taken) = (rules.MemoryNeeded(sizeBytes), _needs.Values.Sum());
            return taken + need <= (node.MemoryBytes ?? long.MaxValue)
                ? null
                : Invariant($"node {node.Name} has no memory for the model: it needs about {need} bytes, {taken} of ")
                    + Invariant($"{node.MemoryBytes} are taken by other models; ")
                    + "undeploy one of them or choose another node";
        }
    }
}
