using System.Collections.Concurrent;
using MlCluster.Messages;

namespace MlCluster.Node.Ml.Serving;

/// <summary>
/// What this process serves. A gateway of the same process calls it; those of other nodes ask the actors.
/// </summary>
/// <remarks>Both ways end in the same <see cref="PredictAnswerer"/>; the call saves the wake-ups of threads.</remarks>
internal sealed class LocalServing
{
    private readonly ConcurrentDictionary<ModelId, PredictAnswerer> _served = new();

    /// <summary>Null: the model is not in service here.</summary>
    public PredictAnswerer? Find(ModelId model) => _served.GetValueOrDefault(model);

    /// <summary>The model is in service from now on.</summary>
    public void Add(ModelId model, PredictAnswerer answerer) => _served[model] = answerer;

    /// <summary>Takes it out, unless another one took its place.</summary>
    public void Remove(ModelId model, PredictAnswerer answerer) =>
        _served.TryRemove(KeyValuePair.Create(model, answerer));
}
