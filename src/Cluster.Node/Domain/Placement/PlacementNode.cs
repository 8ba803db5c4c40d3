using System.Collections.Immutable;
using MlCluster.Messages;
using MlCluster.Messages.Routing;

namespace MlCluster.Node.Domain.Placement;

/// <summary>A node of role ml that is not leaving, as the planner sees it.</summary>
/// <param name="MaxModels">Models that it takes at most.</param>
/// <param name="MemoryBytes">Memory for models on its preferred device, in bytes; null: nobody knows, anything fits.</param>
/// <param name="Models">What it serves.</param>
internal sealed record PlacementNode(
    NodeId NodeId, string Name, int MaxModels, long? MemoryBytes, IReadOnlyList<PlacedModel> Models)
{
    /// <summary>What a node says of itself.</summary>
    public static PlacementNode Of(NodeDeployments node) => new(
        node.NodeId,
        node.Name,
        node.Capacity?.MaxModels ?? int.MaxValue,
        node.Capacity?.MemoryBytes,
        [.. node.Models.Select(m => new PlacedModel(m.ModelId, m.SizeBytes))]);

    public bool Has(ModelId model) => Models.Any(m => m.Model == model);
}

/// <summary>A model that a node has.</summary>
/// <param name="SizeBytes">Size of its archive, or of its model's file where that is larger.</param>
internal sealed record PlacedModel(ModelId Model, long SizeBytes);

/// <summary>A model that is wanted somewhere.</summary>
/// <param name="SizeBytes">Size of its archive, or of its model's file where that is known and larger.</param>
/// <param name="ToAll">Every eligible node, now and later; then <paramref name="Nodes"/> says nothing.</param>
/// <param name="Nodes">The nodes that were named.</param>
/// <param name="WantedSince">Epoch milliseconds of the deployment: who came first has the room first.</param>
internal sealed record WantedModel(
    ModelId Model, long SizeBytes, bool ToAll, IReadOnlyCollection<NodeId> Nodes, long WantedSince)
{
    public bool Wants(NodeId node) => ToAll || Nodes.Contains(node);
}

/// <summary>A model on a node.</summary>
internal readonly record struct Assignment(ModelId Model, NodeId Node);

/// <summary>A load that will not be.</summary>
internal sealed record Refusal(Assignment Assignment, string Reason);

/// <summary>What is to be done, in this order: unloads, then loads.</summary>
internal sealed record PlacementPlan(
    ImmutableList<Assignment> Unloads,
    ImmutableList<Assignment> Loads,
    ImmutableList<Refusal> Refusals);
