namespace MlCluster.Inference.Batching;

/// <summary>
/// Waiting documents: by call, to be fair, and by length, to fill forwards. Not safe for concurrent use.
/// </summary>
internal sealed class DocumentQueue
{
    private readonly TurnQueue<QueuedDocument> _turns = new();
    private readonly SortedList<int, LinkedList<QueuedDocument>> _byLength = [];

    /// <summary>Documents that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Their tokens.</summary>
    public long Tokens { get; private set; }

    /// <summary>The calls whose documents they are.</summary>
    public IEnumerable<PredictionRequest> Calls => _turns.Calls;

    public void Add(QueuedDocument document)
    {
        if (!_byLength.TryGetValue(document.Length, out var sameLength))
        {
            _byLength.Add(document.Length, sameLength = new LinkedList<QueuedDocument>());
        }

        sameLength.AddLast(document.Node);
        document.Turn = _turns.Add(document.Request, document);
        Count++;
        Tokens += document.Length;
    }

    /// <summary>Takes a document out of order; false when it does not wait (any more).</summary>
    public bool Remove(QueuedDocument document)
    {
        if (document.Turn is not { } turn)
        {
            return false;
        }

        document.Turn = null;
        _turns.Remove(document.Request, turn);
        RemoveFromLength(document);
        return true;
    }

    /// <summary>Takes out what waits of one call.</summary>
    public void RemoveAll(PredictionRequest call)
    {
        foreach (var document in _turns.RemoveAll(call))
        {
            document.Turn = null;
            RemoveFromLength(document);
        }
    }

    /// <summary>Takes the documents of the next forward; the queue is not empty.</summary>
    /// <remarks>
    /// They are planned around the oldest document of the call whose turn it is, and of each length that goes along its
    /// own documents go first: a small call is through in few turns.
    /// </remarks>
    public List<QueuedDocument> TakeGroup(BatchingMode mode, int budget)
    {
        var call = _turns.NextTurn();
        var plan = BatchPlanner.Plan(mode, CountByLength(), call.First!.Value.Length, budget);
        var wanted = plan.ToDictionary(take => take.Length, take => take.Count);
        var group = TakeOf(call, wanted);
        foreach (var (length, count) in wanted)
        {
            for (var taken = 0; taken < count; taken++)
            {
                var document = _byLength[length].First!.Value;
                Remove(document);
                group.Add(document);
            }
        }

        return group;
    }

    /// <summary>Empties the queue.</summary>
    public List<QueuedDocument> TakeAll()
    {
        var all = _byLength.Values.SelectMany(sameLength => sameLength).ToList();
        all.ForEach(document => Remove(document));
        return all;
    }

    /// <summary>Takes what one call has of the wanted lengths, and counts it off.</summary>
    private List<QueuedDocument> TakeOf(LinkedList<QueuedDocument> call, Dictionary<int, int> wanted)
    {
        var taken = new List<QueuedDocument>();
        var most = wanted.Values.Sum();
        foreach (var document in call.TakeWhile(_ => taken.Count < most))
        {
            if (wanted.GetValueOrDefault(document.Length) > 0)
            {
                wanted[document.Length]--;
                taken.Add(document);
            }
        }

        taken.ForEach(document => Remove(document));
        return taken;
    }

    private void RemoveFromLength(QueuedDocument document)
    {
        var sameLength = document.Node.List!;
        sameLength.Remove(document.Node);
        Count--;
        Tokens -= document.Length;
        if (sameLength.Count == 0)
        {
            _byLength.Remove(document.Length);
        }
    }

    private LengthCount[] CountByLength()
    {
        var counts = new LengthCount[_byLength.Count];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = new LengthCount(_byLength.GetKeyAtIndex(i), _byLength.GetValueAtIndex(i).Count);
        }

        return counts;
    }
}
