namespace MlCluster.Inference.Batching;

/// <summary>
/// What waits, by call: the calls take turns, so that a small one never waits behind all of a big one.
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
internal sealed class TurnQueue<T>
{
    private readonly LinkedList<Waiting> _turns = new();
    private readonly Dictionary<PredictionRequest, LinkedListNode<Waiting>> _byCall = [];

    /// <summary>True when nothing waits.</summary>
    public bool IsEmpty => _turns.First is null;

    /// <summary>The calls of which something waits, in the order of their turns.</summary>
    public IEnumerable<PredictionRequest> Calls => _turns.Select(static waiting => waiting.Call);

    /// <summary>Tells whether something of the call waits.</summary>
    public bool Holds(PredictionRequest call) => _byCall.ContainsKey(call);

    /// <summary>Adds behind what waits of the call; a call that is new here has its turn after all others.</summary>
    /// <returns>The item's place, for <see cref="Remove"/>.</returns>
    public LinkedListNode<T> Add(PredictionRequest call, T item)
    {
        if (!_byCall.TryGetValue(call, out var turn))
        {
            _byCall.Add(call, turn = _turns.AddLast(new Waiting(call, new LinkedList<T>())));
        }

        return turn.Value.Items.AddLast(item);
    }

    /// <summary>
    /// What waits of the call whose turn it is, oldest first; all of it stays, for a turn after all others.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing waits.</exception>
    public LinkedList<T> NextTurn()
    {
        var turn = _turns.First ?? throw new InvalidOperationException("nothing waits");
        _turns.Remove(turn);
        _turns.AddLast(turn);
        return turn.Value.Items;
    }

    /// <summary>Takes one item out.</summary>
    public void Remove(PredictionRequest call, LinkedListNode<T> place)
    {
        var turn = _byCall[call];
        turn.Value.Items.Remove(place);
        if (turn.Value.Items.Count == 0)
        {
            Forget(turn);
        }
    }

    /// <summary>Takes out what waits of one call, oldest first.</summary>
    public IReadOnlyCollection<T> RemoveAll(PredictionRequest call)
    {
        if (!_byCall.TryGetValue(call, out var turn))
        {
            return [];
        }

        Forget(turn);
        return turn.Value.Items;
    }

    /// <summary>Empties the queue.</summary>
    public List<T> RemoveAll()
    {
        var all = _turns.SelectMany(waiting => waiting.Items).ToList();
        _turns.Clear();
        _byCall.Clear();
        return all;
    }

    private void Forget(LinkedListNode<Waiting> turn)
    {
        _turns.Remove(turn);
        _byCall.Remove(turn.Value.Call);
    }

    /// <param name="Items">Never empty while it is in the queue.</param>
    private sealed record Waiting(PredictionRequest Call, LinkedList<T> Items);
}
