namespace MlCluster.Node.Domain.Search.Queries;

/// <summary>A pattern with * and ?.</summary>
internal sealed class WildcardPattern
{
    /// <summary>Longest pattern, in characters: it is compared with every term.</summary>
    public const int MaxLength = 1000;

    private readonly List<(char Char, Symbol Kind)> _symbols = [];
    private readonly bool _ignoreCase;

    /// <exception cref="SearchException">It is too long.</exception>
    public WildcardPattern(string pattern, bool ignoreCase)
    {
        if (pattern.Length > MaxLength)
        {
            throw new SearchException(
                $"The wildcard pattern has {pattern.Length} characters; give at most {MaxLength}");
        }

        _ignoreCase = ignoreCase;
        for (var i = 0; i < pattern.Length; i++)
        {
            _symbols.Add(pattern[i] switch
            {
                '*' => ('*', Symbol.Any),
                '?' => ('?', Symbol.One),
                '\\' when i + 1 < pattern.Length => (pattern[++i], Symbol.Itself),
                var c => (c, Symbol.Itself),
            });
        }
    }

    private enum Symbol
    {
        Itself,
        One,
        Any,
    }

    /// <summary>True when the whole text has the form.</summary>
    public bool Matches(string text)
    {
        // Where the last * was, and how much of the text it has taken so far.
        var (at, symbol, star, taken) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            if (symbol < _symbols.Count && _symbols[symbol].Kind == Symbol.Any)
            {
                (star, taken) = (symbol++, at);
            }
            else if (symbol < _symbols.Count && Fits(_symbols[symbol], text[at]))
            {
                (symbol, at) = (symbol + 1, at + 1);
            }
            else if (star >= 0)
            {
                (symbol, at) = (star + 1, ++taken);
            }
            else
            {
                return false;
            }
        }

        while (symbol < _symbols.Count && _symbols[symbol].Kind == Symbol.Any)
        {
            symbol++;
        }

        return symbol == _symbols.Count;
    }

    private bool Fits((char Char, Symbol Kind) symbol, char c) => symbol.Kind == Symbol.One || symbol.Char == c
        || (_ignoreCase && char.ToUpperInvariant(symbol.Char) == char.ToUpperInvariant(c));
}
