using System.Buffers;

namespace MlCluster.Inference.Tokenization.AddedTokens;

/// <summary>Finds added tokens in text: the leftmost, and of those the longest.</summary>
internal sealed class AddedTokenSet
{
    private readonly Dictionary<(int Node, char Unit), int> _edges = [];
    private readonly List<AddedTokenId?> _ends = [null];
    private readonly SearchValues<char> _firstUnits;

    /// <param name="tokens">The text to look for with the token it stands for; of equal texts the first counts.</param>
    public AddedTokenSet(IReadOnlyCollection<(string Text, AddedTokenId Token)> tokens)
    {
        foreach (var (text, token) in tokens)
        {
            var node = text.Aggregate(0, Descend);
            _ends[node] ??= token;
        }

        _firstUnits = SearchValues.Create([.. tokens.Select(static t => t.Text[0]).Distinct()]);
    }

    /// <summary>Finds the next token at or after a place.</summary>
    public bool TryFind(ReadOnlySpan<char> text, int from, out AddedTokenMatch match)
    {
        while (text[from..].IndexOfAny(_firstUnits) is var skip && skip >= 0)
        {
            from += skip;
            if (TryMatch(text, from, out match))
            {
                return true;
            }

            from++;
        }

        match = default;
        return false;
    }

    private bool TryMatch(ReadOnlySpan<char> text, int start, out AddedTokenMatch match)
    {
        match = default;
        var node = 0;
        for (var at = start; at < text.Length && _edges.TryGetValue((node, text[at]), out node); at++)
        {
            if (_ends[node] is { } token)
            {
                match = new AddedTokenMatch(start, at + 1, token);
            }
        }

        return match.Token is not null;
    }

    private int Descend(int node, char unit)
    {
        if (!_edges.TryGetValue((node, unit), out var child))
        {
            child = _edges[(node, unit)] = _ends.Count;
            _ends.Add(null);
        }

        return child;
    }
}

/// <summary>An added token with the id it really has.</summary>
internal sealed record AddedTokenId(AddedToken Token, int Id);

/// <summary>Where an added token was found.</summary>
internal readonly record struct AddedTokenMatch(int Start, int End, AddedTokenId Token);
