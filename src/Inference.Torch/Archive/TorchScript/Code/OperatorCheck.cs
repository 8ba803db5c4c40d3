namespace MlCluster.Inference.Archive.TorchScript.Code;

/// <summary>Finds every chain of names in TorchScript source and holds it to <see cref="OperatorRules"/>.</summary>
internal sealed class OperatorCheck
{
    private readonly CodeLexer _lexer;
    private readonly string _what;
    private CodeToken _token;

    private OperatorCheck(byte[] source, string what)
    {
        _lexer = new CodeLexer(source, what);
        _what = what;
        _token = _lexer.Next();
    }

    /// <summary>Checks a source file, or a type's text.</summary>
    /// <param name="source">The bytes as stored.</param>
    /// <param name="what">File and record, for messages.</param>
    /// <exception cref="ModelFormatException">It names an operator or class that no model may use.</exception>
    public static void Check(byte[] source, string what) => new OperatorCheck(source, what).Run();

    private void Run()
    {
        var before = default(CodeToken);
        while (_token.Kind != CodeTokenKind.End)
        {
            var token = _token;
            if (token is { StartsLine: true, Text: "import" })
            {
                SkipLine();
            }
            else if (token.Kind == CodeTokenKind.Identifier)
            {
                CheckChain(ReadChain(), before, token.Line);
            }
            else
            {
                Advance();
            }

            before = token;
        }
    }

    /// <summary>Old archives import their own classes; libtorch skips these lines.</summary>
    private void SkipLine()
    {
        do
        {
            Advance();
        }
        while (_token is { StartsLine: false, Kind: not CodeTokenKind.End });
    }

    private List<string> ReadChain()
    {
        var chain = new List<string> { _token.Text };
        Advance();
        while (_token.Kind == CodeTokenKind.Dot)
        {
            Advance();
            if (_token.Kind == CodeTokenKind.Identifier)
            {
                chain.Add(_token.Text);
                Advance();
            }
        }

        return chain;
    }

    private void CheckChain(List<string> chain, CodeToken before, int line)
    {
        var refused = before switch
        {
            { Kind: CodeTokenKind.Identifier, Text: "def" or "class" } => null,
            _ when chain.Count == 1 && _token.Text is ":" or "=" => null,
            _ => OperatorRules.RefusedChain(chain),
        };
        if (refused is not null)
        {
            throw new ModelFormatException(
                $"{_what}, line {line}: a model may not use {refused}: "
                + "operators that reach files, processes, other nodes "
                + "or settings of the server are refused; remove it and export the model again");
        }
    }

    private void Advance() => _token = _lexer.Next();
}
