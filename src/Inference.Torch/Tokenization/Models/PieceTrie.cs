namespace MlCluster.Inference.Tokenization.Models;

/// <summary>The pieces of a vocabulary as a tree over UTF-16 units, to walk along a text.</summary>
/// <remarks>
/// Nodes lie in order of depth, so the children of each are a range, sorted: some ten bytes a node where dictionaries
/// take forty.
/// </remarks>
internal sealed class PieceTrie
{
    /// <summary>The node that every walk starts at.</summary>
    public const int Root = 0;

    /// <summary>No node, or no piece.</summary>
    public const int None = -1;

    private readonly int[] _underRoot = new int[char.MaxValue + 1];
    private readonly char[] _labels;
    private readonly int[] _ids;
    private readonly int[] _firstChildren;

    /// <param name="pieces">Pieces by id; of equal ones the last counts, and an empty one is never met.</param>
    public PieceTrie(IReadOnlyList<string> pieces)
    {
        var order = Enumerable.Range(0, pieces.Count).ToArray();
        Array.Sort(order, (a, b) =>
            string.CompareOrdinal(pieces[a], pieces[b]) is var c && c != 0 ? c : a.CompareTo(b));
        var builder = new Builder(pieces, order);
        builder.Build();
        _labels = [.. builder.Labels];
        _ids = [.. builder.Ids];
        _firstChildren = [.. builder.FirstChildren, builder.Labels.Count];
        Array.Fill(_underRoot, None);
        for (var child = _firstChildren[Root]; child < _firstChildren[Root + 1]; child++)
        {
            _underRoot[_labels[child]] = child;
        }
    }

    /// <summary>The node one unit further, or <see cref="None"/>.</summary>
    public int Child(int node, char unit)
    {
        if (node == Root)
        {
            return _underRoot[unit];
        }

        var first = _firstChildren[node];
        var place = _labels.AsSpan(first, _firstChildren[node + 1] - first).BinarySearch(unit);
        return place < 0 ? None : first + place;
    }

    /// <summary>The piece that ends at a node, or <see cref="None"/>.</summary>
    public int IdAt(int node) => _ids[node];

    /// <summary>The id of a whole piece, or <see cref="None"/>.</summary>
    public int Find(ReadOnlySpan<char> piece)
    {
        var node = Root;
        foreach (var unit in piece)
        {
            node = Child(node, unit);
            if (node == None)
            {
                return None;
            }
        }

        return node == Root ? None : _ids[node];
    }

    /// <summary>Lays the nodes out level by level.</summary>
    private sealed class Builder(IReadOnlyList<string> pieces, int[] order)
    {
        private readonly Queue<(int Start, int End, int Depth)> _ranges = new([(0, order.Length, 0)]);

        public List<char> Labels { get; } = ['\0'];

        public List<int> Ids { get; } = [];

        public List<int> FirstChildren { get; } = [];

        public void Build()
        {
            while (_ranges.TryDequeue(out var range))
            {
                AddNode(range.Start, range.End, range.Depth);
            }
        }

        // A range of the sorted pieces that share their first units.
        private void AddNode(int start, int end, int depth)
        {
            FirstChildren.Add(Labels.Count);
            Ids.Add(None);
            while (start < end && pieces[order[start]].Length == depth)
            {
                Ids[^1] = order[start++];
            }

            while (start < end)
            {
                var label = pieces[order[start]][depth];
                var childStart = start;
                while (start < end && pieces[order[start]][depth] == label)
                {
                    start++;
                }

                Labels.Add(label);
                _ranges.Enqueue((childStart, start, depth + 1));
            }
        }
    }
}
