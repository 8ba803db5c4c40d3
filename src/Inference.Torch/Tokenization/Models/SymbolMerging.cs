using System.Runtime.InteropServices;

namespace MlCluster.Inference.Tokenization.Models;

/// <summary>Merges a word's symbols until no two neighbours merge: lowest rank first, of equals the leftmost.</summary>
internal static class SymbolMerging
{
    // Below this, walking over all ranks for each merge is faster than a queue; the word of ordinary text is.
    private const int LongestScanned = 32;

    private const int Gone = -1;

    /// <summary>Merges in place and tells how many symbols are left.</summary>
    public static int Apply(MergeTable table, Span<int> symbols) =>
        symbols.Length <= LongestScanned ? Scan(table, symbols) : Queue(table, symbols);

    private static int Scan(MergeTable table, Span<int> symbols)
    {
        // merges[i] is that of the symbols i and i + 1.
        Span<Merge> merges = stackalloc Merge[LongestScanned];
        var count = symbols.Length;
        for (var i = 0; i + 1 < count; i++)
        {
            merges[i] = table.Find(symbols[i], symbols[i + 1]);
        }

        while (LowestOf(merges[..Math.Max(0, count - 1)]) is var at && at >= 0)
        {
            symbols[at] = merges[at].Id;
            symbols[(at + 2)..count].CopyTo(symbols[(at + 1)..]);
            if (at + 2 < count)
            {
                merges[(at + 2)..(count - 1)].CopyTo(merges[(at + 1)..]);
                merges[at] = table.Find(symbols[at], symbols[at + 1]);
            }

            count--;
            if (at > 0)
            {
                merges[at - 1] = table.Find(symbols[at - 1], symbols[at]);
            }
        }

        return count;
    }

    private static int LowestOf(ReadOnlySpan<Merge> merges)
    {
        var (lowest, at) = (int.MaxValue, -1);
        for (var i = 0; i < merges.Length; i++)
        {
            if (merges[i].Rank < lowest)
            {
                (lowest, at) = (merges[i].Rank, i);
            }
        }

        return at;
    }

    // n log n, whatever the word: a text may be one word of millions of letters.
    private static int Queue(MergeTable table, Span<int> symbols)
    {
        var links = new Link[symbols.Length];
        var queue = new PriorityQueue<int, ulong>(symbols.Length);
        for (var i = 0; i < symbols.Length; i++)
        {
            links[i] = new Link(i - 1, i + 1 < symbols.Length ? i + 1 : Gone);
            Offer(i, links[i].Next, table, symbols, queue);
        }

        while (queue.TryDequeue(out var id, out var key))
        {
            var at = (int)(uint)key;
            var right = symbols[at] == Gone ? Gone : links[at].Next;
            if (right == Gone || table.Find(symbols[at], symbols[right]).Id != id)
            {
                // Another merge has taken one of the two meanwhile.
                continue;
            }

            (symbols[at], symbols[right]) = (id, Gone);
            Unlink(links, at, right);
            Offer(links[at].Previous, at, table, symbols, queue);
            Offer(at, links[at].Next, table, symbols, queue);
        }

        return Compact(symbols);
    }

    private static void Offer(
        int left, int right, MergeTable table, ReadOnlySpan<int> symbols, PriorityQueue<int, ulong> queue)
    {
        if (left != Gone && right != Gone && table.Find(symbols[left], symbols[right]) is { Id: >= 0 } merge)
        {
            queue.Enqueue(merge.Id, ((ulong)(uint)merge.Rank << 32) | (uint)left);
        }
    }

    private static void Unlink(Link[] links, int at, int right)
    {
        var next = links[right].Next;
        links[at] = links[at] with { Next = next };
        if (next != Gone)
        {
            links[next] = links[next] with { Previous = at };
        }
    }

    private static int Compact(Span<int> symbols)
    {
        var count = 0;
        foreach (var symbol in symbols)
        {
            if (symbol != Gone)
            {
                symbols[count++] = symbol;
            }
        }

        return count;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Link(int Previous, int Next);
}
