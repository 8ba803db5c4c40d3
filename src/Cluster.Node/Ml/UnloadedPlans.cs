using MlCluster.Messages;

namespace MlCluster.Node.Ml;

/// <summary>
/// The newest plan that took each model away, so that an older command, if it comes late, is seen as that.
/// </summary>
/// <remarks>
/// Commands come late by seconds, when a ModelActor moves to another node. Much later the same id may be that of another
/// model, whose plans begin at 1 again when the journal has forgotten the earlier one: so what is old does not count. The
/// memory is of a number of models: it is bounded whatever comes, and what is forgotten first is what was taken away
/// first.
/// </remarks>
internal sealed class UnloadedPlans(int capacity, TimeSpan age, TimeProvider time)
{
    private readonly Dictionary<ModelId, LinkedListNode<Unloaded>> _places = [];
    private readonly LinkedList<Unloaded> _oldestFirst = new();

    /// <summary>0: none is remembered.</summary>
    public long NewestOf(ModelId model) =>
        _places.TryGetValue(model, out var place) && time.GetElapsedTime(place.Value.Timestamp) < age
            ? place.Value.Plan
            : 0;

    public void Remember(ModelId model, long plan)
    {
        var newest = Math.Max(plan, NewestOf(model));
        if (_places.Remove(model, out var place))
        {
            _oldestFirst.Remove(place);
        }

        _places.Add(model, _oldestFirst.AddLast(new Unloaded(model, newest, time.GetTimestamp())));
        if (_places.Count > capacity)
        {
            _places.Remove(_oldestFirst.First!.Value.Model);
            _oldestFirst.RemoveFirst();
        }
    }

    private readonly record struct Unloaded(ModelId Model, long Plan, long Timestamp);
}
