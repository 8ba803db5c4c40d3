using MlCluster.Inference.Archive.TorchScript.Code;

namespace MlCluster.Inference.Rehearsing.Effects;

/// <summary>Reads the first statement of a method: its name, parameters and types.</summary>
internal static class ScriptHeader
{
    /// <summary>Gives the parameters and the place behind the header's colon.</summary>
    /// <exception cref="UnreadableCodeException">It is no header.</exception>
    public static (List<ScriptParameter> Parameters, int End) Read(List<CodeToken> line)
    {
        UnreadableCodeException.ThrowIf(line is not [_, { Kind: CodeTokenKind.Identifier }, { Text: "(" }, ..]);
        var parameters = new List<ScriptParameter>();
        var at = 3;
        while (at < line.Count && line[at].Text != ")")
        {
            var end = EndOf(line, at, static token => token is ",");
            UnreadableCodeException.ThrowIf(end == at);
            parameters.Add(Parameter(line[at..end]));
            at = end < line.Count && line[end].Text == "," ? end + 1 : end;
        }

        return (parameters, EndOf(line, at + 1, static token => token is ":") + 1);
    }

    /// <summary>Tokens without the blanks between them.</summary>
    public static string TextOf(IEnumerable<CodeToken> tokens) => string.Concat(tokens.Select(token => token.Text));

    private static ScriptParameter Parameter(List<CodeToken> tokens) => new(
        tokens[0].Text,
        tokens.Count > 2 && tokens[1].Text == ":"
            ? TextOf(tokens.Skip(2).TakeWhile(token => token.Text != "="))
            : string.Empty);

    /// <summary>The next place outside of brackets that is asked for, or that closes one more than was opened.
    /// </summary>
    private static int EndOf(List<CodeToken> line, int start, Func<string, bool> isWanted)
    {
        var depth = 0;
        for (var at = start; at < line.Count; at++)
        {
            var text = line[at].Text;
            var closes = text is ")" or "]" or "}";
            if (depth == 0 && (closes || isWanted(text)))
            {
                return at;
            }

            depth += text is "(" or "[" or "{" ? 1 : closes ? -1 : 0;
        }

        return line.Count;
    }
}
