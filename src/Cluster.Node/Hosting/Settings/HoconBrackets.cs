using System.Text.RegularExpressions;

namespace MlCluster.Node.Hosting.Settings;

/// <summary>Sees that brackets and quotes of a HOCON text are paired.</summary>
/// <remarks>Akka's parser ends at the first bracket too many and invents those that are missing, both in
/// silence.</remarks>
internal static partial class HoconBrackets
{
    private const string Opening = "{[";
    private const string Closing = "}]";

    /// <exception cref="FormatException">A bracket or a quote has no partner; names the line.</exception>
    public static void Check(string text)
    {
        var open = new Stack<(char Bracket, int Line)>();
        var line = 1;
        foreach (var character in WithoutTextAndComments(text))
        {
            line += character == '\n' ? 1 : 0;
            Take(character, line, open);
        }

        if (open.TryPop(out var last))
        {
            throw new FormatException($"line {last.Line}: [{last.Bracket}] is never closed");
        }
    }

    private static void Take(char character, int line, Stack<(char Bracket, int Line)> open)
    {
        if (character == '"')
        {
            throw new FormatException($"line {line}: a quote is never closed");
        }

        if (Opening.Contains(character, StringComparison.Ordinal))
        {
            open.Push((character, line));
        }

        var closes = Closing.IndexOf(character, StringComparison.Ordinal);
        if (closes >= 0 && (!open.TryPop(out var last) || last.Bracket != Opening[closes]))
        {
            throw new FormatException($"line {line}: [{character}] closes nothing");
        }
    }

    private static string WithoutTextAndComments(string text) =>
        TextOrComment().Replace(text, match => new string('\n', match.Value.Count(c => c == '\n')));

    [GeneratedRegex("\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|(?:#|//)[^\\n]*", RegexOptions.Singleline, 1000)]
    private static partial Regex TextOrComment();
}
