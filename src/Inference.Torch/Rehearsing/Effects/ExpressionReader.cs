using System.Collections.Frozen;
using MlCluster.Inference.Archive.TorchScript.Code;

namespace MlCluster.Inference.Rehearsing.Effects;

/// <summary>Reads the expressions of one statement.</summary>
/// <param name="tokens">Those of the statement.</param>
/// <param name="position">Where to begin.</param>
internal sealed class ExpressionReader(IReadOnlyList<CodeToken> tokens, int position)
{
    // Real code stays below 20 of either; what is deeper would cost the stack.
    private const int MaxNesting = 100;
    private const int MaxLinks = 50;

    private static readonly FrozenSet<string> OperatorWords =
        new[] { "and", "or", "not", "in", "is", "if", "else" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> UnreadableWords =
        new[] { "for", "lambda", "yield", "await" }.ToFrozenSet(StringComparer.Ordinal);

    private int _position = position;
    private int _nesting;

    public bool AtEnd => _position >= tokens.Count;

    /// <summary>Text of the next token; empty at the end. A string has its quotes.</summary>
    public string Next => TextAt(_position);

    /// <summary>The token before: the operator of <c>x += y</c> when the next one is <c>=</c>.</summary>
    public string Before => TextAt(_position - 1);

    public void Skip() => _position++;

    /// <summary>Reads one expression, up to a comma, colon, assignment or closing bracket.</summary>
    /// <exception cref="UnreadableCodeException">No compiler writes it so.</exception>
    public CodeExpression Read()
    {
        var parts = new List<CodeExpression>();
        while (!AtEnd && !EndsExpression(Next))
        {
            if (StartsOperand())
            {
                parts.Add(ReadChain());
            }
            else
            {
                SkipOperator();
            }
        }

        return parts.Count == 1 ? parts[0] : new OperandsExpression(parts);
    }

    /// <summary>Reads what stands between commas, up to an assignment, a colon or the end.</summary>
    public List<CodeExpression> ReadList()
    {
        var items = new List<CodeExpression>();
        while (!AtEnd && Next is not ("=" or ":" or "as" or ")" or "]" or "}"))
        {
            items.Add(Read());
            if (Next == ",")
            {
                Skip();
            }
        }

        return items;
    }

    private static bool EndsExpression(string token) => token is "," or ":" or "=" or ")" or "]" or "}" or "as";

    private bool StartsOperand() => tokens[_position].Kind switch
    {
        CodeTokenKind.Identifier => !OperatorWords.Contains(Next),
        CodeTokenKind.String => true,
        _ => Next is "0" or "(" or "[" or "{",
    };

    private void SkipOperator()
    {
        // "<<=" assigns, "<=" compares.
        var compares = Next is "!" or "<" or ">" && Before != Next && TextAt(_position + 1) == "=";
        _position += compares ? 2 : 1;
    }

    private CodeExpression ReadChain()
    {
        var value = ReadFirst();
        for (var links = 0; ; links++)
        {
            UnreadableCodeException.ThrowIf(links > MaxLinks);
            switch (Next)
            {
                case "." when _position + 1 < tokens.Count:
                    value = new MemberExpression(value, TextAt(_position + 1));
                    _position += 2;
                    break;
                case "(":
                    value = new CallExpression(value, InBrackets(ReadArguments));
                    break;
                case "[":
                    value = new ElementExpression(value, InBrackets(ReadItems));
                    break;
                case "=" when TextAt(_position + 1) == "=":
                    _position += 2;
                    return new OperandsExpression([value, Read()]);
                default:
                    return value;
            }
        }
    }

    private CodeExpression ReadFirst()
    {
        var token = tokens[_position];
        if (token.Kind == CodeTokenKind.Identifier)
        {
            UnreadableCodeException.ThrowIf(UnreadableWords.Contains(token.Text));
            Skip();
            return new NameExpression(token.Text);
        }

        if (token.Kind == CodeTokenKind.String || token.Text == "0")
        {
            Skip();
            return new LiteralExpression(token.Text);
        }

        var items = InBrackets(ReadItems);

        // "(self).buffer" is no tuple.
        return token.Text == "(" && items.Count == 1 && TextAt(_position - 2) != ","
            ? items[0]
            : new CollectionExpression(items);
    }

    private T InBrackets<T>(Func<T> read)
    {
        UnreadableCodeException.ThrowIf(++_nesting > MaxNesting);
        Skip();
        var inside = read();
        UnreadableCodeException.ThrowIf(Next is not (")" or "]" or "}"));
        Skip();
        _nesting--;
        return inside;
    }

    /// <summary>Elements of a literal or places in brackets: the keys of a dict and the ends of a slice are some too.
    /// </summary>
    private List<CodeExpression> ReadItems()
    {
        var items = new List<CodeExpression>();
        while (!AtEnd && Next is not (")" or "]" or "}"))
        {
            items.Add(Read());
            if (Next is "," or ":" or "=" or "as")
            {
                Skip();
            }
        }

        return items;
    }

    private List<CodeArgument> ReadArguments()
    {
        var arguments = new List<CodeArgument>();
        while (!AtEnd && Next is not (")" or "]" or "}"))
        {
            arguments.Add(ReadArgument());
            if (Next is "," or ":" or "=" or "as")
            {
                Skip();
            }
        }

        return arguments;
    }

    private CodeArgument ReadArgument()
    {
        var isNamed = tokens[_position].Kind == CodeTokenKind.Identifier
            && TextAt(_position + 1) == "=" && TextAt(_position + 2) != "=";
        if (!isNamed)
        {
            return new CodeArgument(null, Read());
        }

        var name = Next;
        _position += 2;
        return new CodeArgument(name, Read());
    }

    private string TextAt(int at) => at >= 0 && at < tokens.Count ? tokens[at].Text : string.Empty;
}
