using System.Collections.Concurrent;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Ml.Serving;

/// <summary>The gates of the models on this node. Any thread.</summary>
internal sealed class ServingGates(IClusterViewSource views, TimeProvider time)
{
    private readonly ConcurrentDictionary<ModelId, ServingGate> _gates = new();

    /// <summary>The gate of a model that is on this node, or on its way.</summary>
    public ServingGate Of(ModelId model) => _gates.GetOrAdd(
        model, id => new ServingGate(() => views.Current.ReplicasOf(id).Count, time));

    /// <summary>The model goes by these rules; null: it has none.</summary>
    public void Apply(ModelId model, ServingRules? rules)
    {
        if (rules is not null)
        {
            Of(model).Apply(rules);
        }
    }

    /// <summary>The model is not on this node any more.</summary>
    public void Remove(ModelId model) => _gates.TryRemove(model, out _);
}
