namespace MlCluster.Inference.Rehearsing;

/// <summary>Takes lists in brackets apart: arguments of a call, parameters, elements of a literal.</summary>
internal static class CodeArguments
{
    /// <summary>Splits at the commas of the outermost level, from a place after a bracket to its counterpart.</summary>
    /// <returns>The parts, trimmed, without the empty one behind a last comma; all there is where the end is missing.
    /// </returns>
    public static List<string> Split(string text, int start)
    {
        var parts = new List<string>();
        var depth = 0;
        var from = start;
        for (var at = start; at < text.Length && depth >= 0; at++)
        {
            depth += text[at] switch
            {
                '(' or '[' or '{' => 1,
                ')' or ']' or '}' => -1,
                _ => 0,
            };
            if (text[at] is '"' or '\'')
            {
                at = EndOfString(text, at);
            }
            else if (depth < 0 || (depth == 0 && text[at] == ','))
            {
                Add(parts, text[from..at]);
                from = at + 1;
            }
        }

        if (depth >= 0)
        {
            Add(parts, text[from..]);
        }

        return parts;
    }

    /// <summary>Brackets that are opened, less those that are closed.</summary>
    public static int Depth(string text) =>
        text.Sum(c => c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' ? -1 : 0);

    /// <summary>Elements of a list, tuple or dict; null for any other expression.</summary>
    public static List<string>? Elements(string expression)
    {
        if (expression.Length < 2 || expression[0] is not ('[' or '(' or '{')
            || Split(expression, 1) is not { Count: > 0 } parts)
        {
            return null;
        }

        // "(self).buffer" and "(x)" are no tuples.
        var isLiteral = expression[0] != '(' || (expression[^1] == ')' && parts.Count > 1);
        return isLiteral ? parts.ConvertAll(part => expression[0] == '{' ? AfterKey(part) : part) : null;
    }

    private static string AfterKey(string entry)
    {
        var colon = entry.StartsWith('"') || entry.StartsWith('\'')
            ? entry.IndexOf(':', Math.Min(EndOfString(entry, 0), entry.Length - 1))
            : entry.IndexOf(':', StringComparison.Ordinal);
        return entry[(colon + 1)..].Trim();
    }

    private static void Add(List<string> parts, string part)
    {
        if (part.Trim() is { Length: > 0 } trimmed)
        {
            parts.Add(trimmed);
        }
    }

    private static int EndOfString(string text, int start)
    {
        var at = start + 1;
        while (at < text.Length && text[at] != text[start])
        {
            at += text[at] == '\\' ? 2 : 1;
        }

        return at;
    }
}
