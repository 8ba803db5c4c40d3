namespace MlCluster.Inference.Batching;

/// <summary>Waiting documents by length, each length in order of arrival. Not safe for concurrent use.</summary>
internal sealed class DocumentQueue
{
    private readonly SortedList<int, LinkedList<QueuedDocument>> _byLength = [];
    private long _arrivals;

    /// <summary>Documents that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Their tokens.</summary>
    public long Tokens { get; private set; }

    public void Add(QueuedDocument document)
    {
        if (!_byLength.TryGetValue(document.Length, out var sameLength))
        {
            _byLength.Add(document.Length, sameLength = new LinkedList<QueuedDocument>());
        }

        document.Arrival = _arrivals++;
        sameLength.AddLast(document.Node);
        Count++;
        Tokens += document.Length;
    }

    /// <summary>Takes a document out of order; false when it does not wait (any more).</summary>
    public bool Remove(QueuedDocument document)
    {
        if (document.Node.List is not { } sameLength)
        {
            return false;
        }

        sameLength.Remove(document.Node);
        Count--;
        Tokens -= document.Length;
        if (sameLength.Count == 0)
        {
            _byLength.Remove(document.Length);
        }

        return true;
    }

    /// <summary>Takes the documents of the next forward; the queue is not empty.</summary>
    public List<QueuedDocument> TakeGroup(BatchingMode mode, int budget)
    {
        var plan = BatchPlanner.Plan(mode, CountByLength(), Oldest().Length, budget);
        var group = new List<QueuedDocument>();
        foreach (var (length, count) in plan)
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

    private QueuedDocument Oldest() =>
        _byLength.Values.Select(sameLength => sameLength.First!.Value).MinBy(document => document.Arrival)!;

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
