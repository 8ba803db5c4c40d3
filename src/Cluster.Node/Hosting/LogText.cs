using System.Buffers;
using System.Globalization;
using System.Text;

namespace MlCluster.Node.Hosting;

/// <summary>Makes texts of others harmless in a line of the log.</summary>
internal static class LogText
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static c => (char)c)]);

    /// <summary>
    /// The text in one line: line feeds become blanks, and what else would move a terminal's cursor, colour it or turn
    /// the line around is written as <c>\u001b</c>.
    /// </summary>
    public static string Escape(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        var rest = text.AsSpan();
        while (Rune.DecodeFromUtf16(rest, out var rune, out var length) is var status && length > 0)
        {
            Append(escaped, rest[..length], status == OperationStatus.Done && IsHarmless(rune));
            rest = rest[length..];
        }

        return escaped.ToString();
    }

    private static void Append(StringBuilder escaped, ReadOnlySpan<char> piece, bool isHarmless)
    {
        if (isHarmless)
        {
            escaped.Append(piece);
        }
        else if (piece is "\n")
        {
            escaped.Append(' ');
        }
        else
        {
            foreach (var c in piece)
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
        }
    }

    // Format characters turn the line's direction or cannot be seen.
    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator);
}
