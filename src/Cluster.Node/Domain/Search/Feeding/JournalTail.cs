namespace MlCluster.Node.Domain.Search.Feeding;

/// <summary>
/// What has been read of a journal whose rows may appear out of the order of their numbers: a transaction takes its
/// number and ends later, before others or after them.
/// </summary>
/// <remarks>
/// Every read begins again at <see cref="Settled"/>, below which nothing can appear any more, and passes over what was
/// handled before. So nobody waits for a missing number, and none is missed.
/// </remarks>
/// <param name="settled">Where reading went on the last time.</param>
/// <param name="patience">Longest time between taking a number and appearing.</param>
internal sealed class JournalTail(long settled, TimeSpan patience)
{
    private readonly HashSet<long> _handled = [];
    private readonly Queue<(TimeSpan At, long Highest)> _marks = [];
    private long _highest = settled;
    private long _marked = settled;

    /// <summary>Reads begin after this number.</summary>
    public long Settled { get; private set; } = settled;

    /// <summary>True for a number that has not been handled.</summary>
    public bool IsNew(long number) => number > Settled && !_handled.Contains(number);

    /// <summary>Says that what these numbers stand for is done.</summary>
    public void Handled(IEnumerable<long> numbers)
    {
        foreach (var number in numbers)
        {
            _handled.Add(number);
            _highest = Math.Max(_highest, number);
        }
    }

    /// <summary>Says that a read from <see cref="Settled"/> to the end is over.</summary>
    /// <param name="began">When it began.</param>
    /// <param name="ended">When it ended, on the same clock.</param>
    /// <returns>True when <see cref="Settled"/> moved.</returns>
    public bool EndRead(TimeSpan began, TimeSpan ended)
    {
        // A number below a mark was taken before it; what had not appeared when this read began never will.
        var before = Settled;
        while (_marks.TryPeek(out var mark) && began - mark.At >= patience)
        {
            Settled = _marks.Dequeue().Highest;
        }

        if (_highest > _marked)
        {
            _marked = _highest;
            _marks.Enqueue((ended, _highest));
        }

        if (Settled == before)
        {
            return false;
        }

        _handled.RemoveWhere(n => n <= Settled);
        return true;
    }
}
