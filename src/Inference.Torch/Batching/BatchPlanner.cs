using System.Runtime.InteropServices;

namespace MlCluster.Inference.Batching;

/// <summary>How many documents of one length wait, or are taken.</summary>
/// <param name="Length">Tokens of each document.</param>
/// <param name="Count">Documents.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LengthCount(int Length, int Count);

/// <summary>Decides which waiting documents share the next forward.</summary>
/// <remarks>
/// The group is built around the oldest document of the call whose turn it is, so none starves: whatever else goes
/// along, that one goes now.
/// Neighbours in length join, nearest first, while the token budget and the padding limit hold. Padding everything that
/// waits to the longest is slower than one document at a time.
/// </remarks>
internal static class BatchPlanner
{
    /// <summary>Most padding tokens of a forward.</summary>
    /// <remarks>
    /// A fuller group saves at most the fixed cost of one forward, which is worth the time of about 40 tokens with
    /// MiniLM and of about 12 with a model eight times as heavy. Of limits in tokens, in shares of the forward and of
    /// both, simulated over queues of short and of mixed texts with either cost, this one was best or next to it.
    /// </remarks>
    public const int MaxPadding = 24;

    /// <summary>Smallest part of the waiting tokens that is worth a forward of its own on another worker.</summary>
    public const int MinShare = 128;

    /// <summary>A shorter document counts as one of so many tokens: no forward has more rows than were rehearsed.</summary>
    public const int LeastWidth = 3;

    /// <summary>Token budget of the next forward: a small queue is shared out, so that no worker idles.</summary>
    public static int Budget(long waitingTokens, int workers, int maxTokens)
    {
        var share = (waitingTokens + workers - 1) / workers;
        return (int)Math.Min(maxTokens, Math.Max(share, MinShare));
    }

    /// <summary>Plans one forward.</summary>
    /// <param name="mode">What the model allows.</param>
    /// <param name="waiting">Waiting documents by length, ascending; holds <paramref name="oldestLength"/>.</param>
    /// <param name="oldestLength">Length of the document that must go now.</param>
    /// <param name="budget">Most tokens, rows × width; one document may exceed it.</param>
    /// <returns>What to take, that document's length first.</returns>
    public static IReadOnlyList<LengthCount> Plan(
        BatchingMode mode, IReadOnlyList<LengthCount> waiting, int oldestLength, int budget)
    {
        if (mode is BatchingMode.OneByOne or BatchingMode.Exclusive)
        {
            return [new LengthCount(oldestLength, 1)];
        }

        var group = new Group(waiting, oldestLength, budget);
        if (mode == BatchingMode.Padded)
        {
            group.TakeNeighbours();
        }

        return group.Taken;
    }

    private sealed class Group
    {
        private readonly IReadOnlyList<LengthCount> _waiting;
        private readonly int _budget;
        private int _below;
        private int _above;
        private long _rows;
        private long _tokens;
        private int _width;

        public Group(IReadOnlyList<LengthCount> waiting, int oldestLength, int budget)
        {
            _waiting = waiting;
            _budget = budget;
            var start = 0;
            while (waiting[start].Length != oldestLength)
            {
                start++;
            }

            _below = start - 1;
            _above = start + 1;
            Take(waiting[start], Math.Clamp(budget / Math.Max(LeastWidth, oldestLength), 1, waiting[start].Count));
        }

        public List<LengthCount> Taken { get; } = [];

        /// <summary>Takes lengths on both sides, the nearer one first, until neither side fits.</summary>
        public void TakeNeighbours()
        {
            while (TakeFrom(belowFirst: BelowIsNearer()))
            {
            }
        }

        private bool BelowIsNearer()
        {
            if (_below < 0 || _above >= _waiting.Count)
            {
                return _below >= 0;
            }

            return _width - _waiting[_below].Length <= _waiting[_above].Length - _width;
        }

        private bool TakeFrom(bool belowFirst) =>
            belowFirst ? TakeBelow() || TakeAbove() : TakeAbove() || TakeBelow();

        private bool TakeBelow()
        {
            if (_below < 0 || !TakeFitting(_waiting[_below]))
            {
                return false;
            }

            _below--;
            return true;
        }

        private bool TakeAbove()
        {
            if (_above >= _waiting.Count || !TakeFitting(_waiting[_above]))
            {
                return false;
            }

            _above++;
            return true;
        }

        private bool TakeFitting(LengthCount next)
        {
            var width = Math.Max(_width, next.Length);
            var count = (int)Math.Min(next.Count, (_budget / Math.Max(LeastWidth, width)) - _rows);
            while (count > 0 && !PaddingIsWorthIt(next, count, width))
            {
                // A shorter document adds padding itself; longer ones, however few, add the same to all others.
                count = next.Length < width ? count - 1 : 0;
            }

            if (count <= 0)
            {
                return false;
            }

            Take(next, count);
            return true;
        }

        private bool PaddingIsWorthIt(LengthCount next, int count, int width)
        {
            var all = (_rows + count) * width;
            return all - _tokens - ((long)count * next.Length) <= MaxPadding;
        }

        private void Take(LengthCount next, int count)
        {
            Taken.Add(next with { Count = count });
            _rows += count;
            _tokens += (long)count * next.Length;
            _width = Math.Max(_width, next.Length);
        }
    }
}
