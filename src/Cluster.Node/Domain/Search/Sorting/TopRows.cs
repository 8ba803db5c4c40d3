using System.Buffers;

namespace MlCluster.Node.Domain.Search.Sorting;

/// <summary>Finds the first rows of an order without ordering the others.</summary>
/// <param name="keys">What the order goes by.</param>
/// <param name="order">The order itself, ids included.</param>
internal sealed class TopRows(ISortKey[] keys, IComparer<int> order)
{
    // Numbers beside those that are wanted: so many are looked at before some are thrown out.
    private const int Room = 1024;

    /// <summary>The first rows, ordered.</summary>
    /// <param name="rows">They are moved.</param>
    public int[] First(Span<int> rows, int count)
    {
        if (count == 0)
        {
            return [];
        }

        var found = new List<int>(Math.Min(count, rows.Length));
        // By one key it is clear of most rows whether they are among the first; the next key tells of those that are
        // equal.
        foreach (var key in keys.TakeWhile(k => k.HasRanks))
        {
            if (rows.Length > count - found.Count)
            {
                rows = Split(rows, count - found.Count, key, found);
            }
        }

        if (rows.Length <= count - found.Count)
        {
            found.AddRange(rows);
        }
        else
        {
            PickByComparing(rows, count - found.Count, found);
        }

        found.Sort(order);
        return [.. found];
    }

    /// <summary>Adds those to the found ones that are surely among the first.</summary>
    /// <returns>Those that are equal to the last of the first: some of them are wanted too.</returns>
    private static Span<int> Split(Span<int> rows, int count, ISortKey key, List<int> found)
    {
        var buffer = ArrayPool<long>.Shared.Rent(rows.Length);
        var ranks = buffer.AsSpan(0, rows.Length);
        key.Rank(rows, ranks);
        var last = HighestOfLowest(ranks, count);
        var equal = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (ranks[i] == last)
            {
                rows[equal++] = rows[i];
            }
            else if (ranks[i] < last)
            {
                found.Add(rows[i]);
            }
        }

        ArrayPool<long>.Shared.Return(buffer);
        return rows[..equal];
    }

    // The worst of the best so far is at its head.
    private void PickByComparing(ReadOnlySpan<int> rows, int count, List<int> found)
    {
        var best = new PriorityQueue<int, int>(Comparer<int>.Create((x, y) => order.Compare(y, x)));
        foreach (var row in rows)
        {
            if (best.Count < count)
            {
                best.Enqueue(row, row);
            }
            else if (order.Compare(row, best.Peek()) < 0)
            {
                best.DequeueEnqueue(row, row);
            }
        }

        found.AddRange(best.UnorderedItems.Select(i => i.Element));
    }

    /// <summary>The highest of so many lowest numbers, of which there are enough.</summary>
    private static long HighestOfLowest(ReadOnlySpan<long> numbers, int count)
    {
        var lowest = ArrayPool<long>.Shared.Rent(count + Room);
        var (kept, limit) = (0, LimitOf(numbers, count));
        foreach (var number in numbers)
        {
            if (number < limit)
            {
                lowest[kept++] = number;
                if (kept == lowest.Length)
                {
                    limit = NumberAt(lowest, count - 1);
                    kept = count;
                }
            }
        }

        // Where too few are below it, the limit itself is as often there as need be.
        limit = kept < count ? limit : NumberAt(lowest.AsSpan(0, kept), count - 1);
        ArrayPool<long>.Shared.Return(lowest);
        return limit;
    }

    // The answer for a few numbers from all over is no lower than that for all, and leaves not much to look at.
    private static long LimitOf(ReadOnlySpan<long> numbers, int count)
    {
        var step = numbers.Length / Room;
        if (step < 2 || count > Room)
        {
            return long.MaxValue;
        }

        Span<long> some = stackalloc long[Room];
        for (var i = 0; i < Room; i++)
        {
            some[i] = numbers[i * step];
        }

        return NumberAt(some, count - 1);
    }

    /// <summary>The number that would be there if the numbers were in order (Hoare's FIND); it moves them so that lower
    /// ones are before it.</summary>
    private static long NumberAt(Span<long> numbers, int place)
    {
        var (low, high) = (0, numbers.Length - 1);
        while (low < high)
        {
            var pivot = numbers[low + ((high - low) / 2)];
            var (up, down) = (low, high);
            while (up <= down)
            {
                while (numbers[up] < pivot)
                {
                    up++;
                }

                while (numbers[down] > pivot)
                {
                    down--;
                }

                if (up <= down)
                {
                    (numbers[up], numbers[down]) = (numbers[down], numbers[up]);
                    (up, down) = (up + 1, down - 1);
                }
            }

            if (place > down && place < up)
            {
                break;
            }

            (low, high) = place <= down ? (low, down) : (up, high);
        }

        return numbers[place];
    }
}
