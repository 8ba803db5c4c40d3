using System.Buffers;
using System.Runtime.InteropServices;

namespace MlCluster.Node.Domain.Search.Sorting;

/// <summary>Finds the first rows of an order without ordering the others.</summary>
/// <param name="keys">What the order goes by.</param>
/// <param name="order">The order itself, ids included.</param>
internal sealed class TopRows(ISortKey[] keys, IComparer<int> order)
{
    /// <summary>The first rows, ordered.</summary>
    public int[] First(List<int> rows, int count)
    {
        var found = new List<int>(Math.Min(count, rows.Count));
        Pick(CollectionsMarshal.AsSpan(rows), count, 0, found);
        found.Sort(order);
        return [.. found];
    }

    // By one key it is clear of most rows whether they are among the first; the next key tells of those that are equal.
    private void Pick(ReadOnlySpan<int> rows, int count, int key, List<int> found)
    {
        if (rows.Length <= count)
        {
            found.AddRange(rows);
        }
        else if (count > 0 && key < keys.Length && keys[key].HasRanks)
        {
            PickByRank(rows, count, key, found);
        }
        else if (count > 0)
        {
            PickByComparing(rows, count, found);
        }
    }

    private void PickByRank(ReadOnlySpan<int> rows, int count, int key, List<int> found)
    {
        var ranks = ArrayPool<long>.Shared.Rent(rows.Length * 2);
        try
        {
            var known = ranks.AsSpan(0, rows.Length);
            var moved = ranks.AsSpan(rows.Length, rows.Length);
            for (var i = 0; i < rows.Length; i++)
            {
                known[i] = keys[key].Rank(rows[i]);
            }

            known.CopyTo(moved);
            var last = Lowest(moved, count - 1);
            var (before, equal) = (found.Count, new List<int>());
            for (var i = 0; i < rows.Length; i++)
            {
                if (known[i] <= last)
                {
                    (known[i] < last ? found : equal).Add(rows[i]);
                }
            }

            Pick(CollectionsMarshal.AsSpan(equal), count - (found.Count - before), key + 1, found);
        }
        finally
        {
            ArrayPool<long>.Shared.Return(ranks);
        }
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

    /// <summary>The number that would be there if the numbers were in order (Hoare's FIND); it moves them.</summary>
    private static long Lowest(Span<long> numbers, int place)
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
