using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Gateway.Profiles;

/// <summary>What was collected for a profile.</summary>
/// <param name="View">Who serves what.</param>
/// <param name="Models">What nodes said of models.</param>
/// <param name="Documents">Documents of the models; a model that is being removed has none.</param>
/// <param name="Tasks">Unfinished tasks.</param>
internal sealed record ProfileData(
    ClusterView View,
    IReadOnlyList<ModelOnNode> Models,
    IReadOnlyDictionary<ModelId, ModelDocument> Documents,
    IReadOnlyList<ProfileTask> Tasks)
{
    /// <summary>In whose words a model is told.</summary>
    public Dialect DialectOf(ModelId model) =>
        Documents.TryGetValue(model, out var document) ? document.Dialect : Dialect.Current;

    /// <summary>Nodes that the plan names.</summary>
    public IEnumerable<string> TargetsOf(ModelId model) =>
        Documents.TryGetValue(model, out var document) ? document.Nodes.Select(n => n.NodeId.Value) : [];

    /// <summary>Nodes that serve it now, as this gateway's routing has them.</summary>
    public IEnumerable<string> WorkersOf(ModelId model) =>
        View.ReplicasOf(model).Select(r => r.Node.NodeId.Value).Order(StringComparer.Ordinal);
}
