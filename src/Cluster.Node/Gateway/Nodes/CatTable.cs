using System.Text;
using System.Text.Json;
using MlCluster.Node.Gateway.Frame;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>A table as <c>_cat</c> prints it: aligned text, or an array of objects with string values.</summary>
internal static class CatTable
{
    /// <summary>Columns that were asked for, in that order; unknown words are dropped.</summary>
    /// <param name="wanted">The <c>h</c> parameter: names, aliases or patterns; null: the default columns.</param>
    public static IReadOnlyList<CatColumn<T>> Select<T>(IReadOnlyList<CatColumn<T>> columns, string? wanted)
    {
        if (string.IsNullOrEmpty(wanted))
        {
            return [.. columns.Where(c => c.IsDefault)];
        }

        var words = wanted.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. words.SelectMany(w => columns.Where(c => c.IsMeantBy(w)).Select(c => c.As(w))).Distinct()];
    }

    /// <summary>What columns there are: name, other words for it, and what it tells.</summary>
    public static string Help<T>(IReadOnlyList<CatColumn<T>> columns)
    {
        string[][] lines = [.. columns.Select(c => new[] { c.Name, string.Join(',', c.Aliases), c.About })];
        var widths = Enumerable.Range(0, 3).Select(i => lines.Max(l => l[i].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.AppendJoin(" | ", line.Select((cell, i) => cell.PadRight(widths[i]))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Aligned text, one row a line.</summary>
    public static string Text<T>(IReadOnlyList<CatColumn<T>> columns, IReadOnlyList<T> rows, bool header)
    {
        var lines = rows.Select(r => columns.Select(c => c.Value(r)).ToArray()).ToList();
        if (header)
        {
            lines.Insert(0, [.. columns.Select(c => c.Name)]);
        }

        var widths = columns.Select((_, i) => lines.Select(l => l[i].Length).DefaultIfEmpty().Max()).ToArray();
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.AppendJoin(' ', line.Select((cell, i) => Align(cell, widths[i], columns[i].IsNumber))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>An array of objects.</summary>
    public static void WriteJson<T>(Utf8JsonWriter json, IReadOnlyList<CatColumn<T>> columns, IReadOnlyList<T> rows)
    {
        json.WriteStartArray();
        foreach (var row in rows)
        {
            json.WriteStartObject();
            foreach (var column in columns)
            {
                json.WriteString(column.Name, column.Value(row));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Align(string cell, int width, bool right) =>
        right ? cell.PadLeft(width) : cell.PadRight(width);
}

/// <summary>One column.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Aliases">Other words for it.</param>
/// <param name="About">What <c>help</c> says of it.</param>
/// <param name="Value">What a row shows.</param>
internal sealed record CatColumn<T>(string Name, IReadOnlyList<string> Aliases, string About, Func<T, string> Value)
{
    /// <summary>Shown when nothing was chosen.</summary>
    public bool IsDefault { get; init; } = true;

    /// <summary>Aligned to the right.</summary>
    public bool IsNumber { get; init; }

    /// <summary>What it tells has to be asked for.</summary>
    public bool IsAsked { get; init; }

    /// <summary>The column under the word that a client knows it by.</summary>
    public CatColumn<T> As(string word) =>
        Aliases.Contains(word, StringComparer.Ordinal) ? this with { Name = word } : this;

    public bool IsMeantBy(string word) =>
        PathMatch.Matches(word, Name) || Aliases.Contains(word, StringComparer.Ordinal);
}
