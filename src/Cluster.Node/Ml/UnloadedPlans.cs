using MlCluster.Messages;

namespace MlCluster.Node.Ml;

/// <summary>
/// The newest plan that took each model away, so that an older command, if it comes late, is seen as that.
/// </summary>
/// <remarks>
/// Commands come late by seconds, when a ModelActor moves to another node. The memory is of a number of models and not
/// of a time: it is bounded whatever comes, and what is forgotten first is what was taken away first.
/// </remarks>
internal sealed class UnloadedPlans(int capacity)
{
    private readonly Dictionary<ModelId, LinkedListNode<(ModelId Model, long Plan)>> _places = [];
    private readonly LinkedList<(ModelId Model, long Plan)> _oldestFirst = new();

    /// <summary>0: none is remembered.</summary>
    public long NewestOf(ModelId model) => _places.TryGetValue(model, out var place) ? place.Value.Plan : 0;

    public void Remember(ModelId model, long plan)
    {
        var newest = Math.Max(plan, NewestOf(model));
        if (_places.Remove(model, out var place))
        {
            _oldestFirst.Remove(place);
        }

        _places.Add(model, _oldestFirst.AddLast((model, newest)));
        if (_places.Count > capacity)
        {
            _places.Remove(_oldestFirst.First!.Value.Model);
            _oldestFirst.RemoveFirst();
        }
    }
}
