using MlCluster.Inference.Tokenization.Unicode;

namespace MlCluster.Inference.Tokenization.AddedTokens;

/// <summary>Walks text as added tokens and what lies between them.</summary>
internal ref struct AddedTokenSplitter(AddedTokenSet? tokens, ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private AddedTokenMatch _pending;
    private int _searchFrom;
    private int _done;

    /// <summary>The id of the added token here; null: ordinary text.</summary>
    public int? TokenId { get; private set; }

    /// <summary>First unit of the part.</summary>
    public int Start { get; private set; }

    /// <summary>The unit after the part.</summary>
    public int End { get; private set; }

    /// <summary>Moves to the next part; none is empty.</summary>
    public bool MoveNext()
    {
        if (_pending.Token is null && !FindNext())
        {
            return Take(_done, _text.Length, token: null);
        }

        if (Take(_done, _pending.Start, token: null))
        {
            return true;
        }

        var found = _pending;
        _pending = default;
        return Take(found.Start, found.End, found.Token);
    }

    private bool Take(int start, int end, AddedTokenId? token)
    {
        (Start, End, TokenId) = (start, end, token?.Id);
        _done = Math.Max(_done, end);
        return token is not null || start < end;
    }

    private bool FindNext()
    {
        while (tokens is not null && tokens.TryFind(_text, _searchFrom, out var match))
        {
            _searchFrom = match.End;
            if (!match.Token.Token.SingleWord || StandsAlone(match))
            {
                _pending = WithWhiteSpace(match);
                return true;
            }
        }

        return false;
    }

    private readonly bool StandsAlone(AddedTokenMatch match) =>
        !WhiteSpace.EndsWithWord(_text[..match.Start]) && !WhiteSpace.StartsWithWord(_text[match.End..]);

    // What an earlier token took belongs to it.
    private readonly AddedTokenMatch WithWhiteSpace(AddedTokenMatch match)
    {
        var before = match.Token.Token.StripLeft ? WhiteSpace.CountAtEnd(_text[..match.Start]) : 0;
        var after = match.Token.Token.StripRight ? WhiteSpace.CountAtStart(_text[match.End..]) : 0;
        return match with { Start = Math.Max(match.Start - before, _done), End = match.End + after };
    }
}
