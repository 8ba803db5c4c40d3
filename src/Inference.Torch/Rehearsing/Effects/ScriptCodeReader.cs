using MlCluster.Inference.Archive.TorchScript.Code;

namespace MlCluster.Inference.Rehearsing.Effects;

/// <summary>Reads the classes, methods and functions of one file of TorchScript code.</summary>
internal sealed class ScriptCodeReader
{
    private readonly ScriptCode _code;
    private readonly string _module;
    private ScriptClass? _class;
    private ScriptMethod? _method;

    private ScriptCodeReader(ScriptCode code, string module) => (_code, _module) = (code, module);

    /// <summary>Reads a file.</summary>
    /// <param name="source">As stored.</param>
    /// <param name="module">The file's qualified name: what stands before a class's own.</param>
    /// <param name="code">Takes what is found.</param>
    /// <exception cref="ModelFormatException">It holds what no code does.</exception>
    /// <exception cref="UnreadableCodeException">No compiler writes it so.</exception>
    public static void Read(byte[] source, string module, ScriptCode code)
    {
        var reader = new ScriptCodeReader(code, module);
        foreach (var line in Lines(new CodeLexer(source, module)))
        {
            reader.Take(line);
        }
    }

    /// <summary>Tokens by statement: a bracket goes on over the end of a line.</summary>
    private static IEnumerable<List<CodeToken>> Lines(CodeLexer lexer)
    {
        var line = new List<CodeToken>();
        var depth = 0;
        for (var token = lexer.Next(); token.Kind != CodeTokenKind.End; token = lexer.Next())
        {
            if (token.StartsLine && depth <= 0 && line.Count > 0)
            {
                yield return line;
                line = [];
            }

            line.Add(token);
            depth += token.Text is "(" or "[" or "{" ? 1 : token.Text is ")" or "]" or "}" ? -1 : 0;
        }

        if (line.Count > 0)
        {
            yield return line;
        }
    }

    private void Take(List<CodeToken> line)
    {
        switch (line[0].Text)
        {
            case "class":
                BeginClass(line);
                break;
            case "def":
                BeginMethod(line);
                break;
            case "import":
                break;
            default:
                TakeInside(line);
                break;
        }
    }

    private void BeginClass(List<CodeToken> line)
    {
        UnreadableCodeException.ThrowIf(line.Count < 2);
        var isInterface = line.Skip(2).Any(token => token.Text.EndsWith("Interface", StringComparison.Ordinal));
        _class = new ScriptClass($"{_module}.{line[1].Text}", isInterface);
        _method = null;
        _code.Add(_class);
    }

    private void BeginMethod(List<CodeToken> line)
    {
        if (!line[0].IsIndented)
        {
            _class = null;
        }

        var (parameters, end) = ScriptHeader.Read(line);
        _method = new ScriptMethod(_class, line[1].Text, parameters);
        _code.Add(_method, _class?.QualifiedName ?? _module);
        if (end < line.Count)
        {
            StatementReader.Read(line[end..], _method);
        }
    }

    private void TakeInside(List<CodeToken> line)
    {
        if (_method is not null)
        {
            StatementReader.Read(line, _method);
        }
        else if (_class is not null)
        {
            TakeAttribute(line, _class);
        }
    }

    // "layer : Type"; names that are none are written __annotations__["0"] = Type.
    private static void TakeAttribute(List<CodeToken> line, ScriptClass owner)
    {
        if (line is [{ Kind: CodeTokenKind.Identifier }, { Text: ":" }, ..])
        {
            owner.Attributes[line[0].Text] = ScriptHeader.TextOf(line.Skip(2));
        }
        else if (line is [{ Text: "__annotations__" }, _, { Kind: CodeTokenKind.String }, _, { Text: "=" }, ..])
        {
            owner.Attributes[line[2].Text[1..^1]] = ScriptHeader.TextOf(line.Skip(5));
        }
    }
}
