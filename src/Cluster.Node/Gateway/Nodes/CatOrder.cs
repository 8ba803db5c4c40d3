using System.Globalization;
using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>Sorts the rows of a table as <c>s=name,load_1m:desc</c> asks for: numbers by size, others by
/// text.</summary>
/// <param name="Column">What is compared.</param>
/// <param name="IsDescending">The largest comes first.</param>
internal sealed record CatOrder<T>(CatColumn<T> Column, bool IsDescending)
{
    private const string Descending = ":desc";
    private const string Ascending = ":asc";

    /// <summary>Reads the <c>s</c> parameter; the first key counts most.</summary>
    /// <exception cref="ApiException">400: there is no such column.</exception>
    public static IReadOnlyList<CatOrder<T>> Parse(IReadOnlyList<CatColumn<T>> columns, string? keys) =>
        [.. (keys ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(key => Of(columns, key))];

    /// <summary>The rows in order; equal ones stay as they are.</summary>
    public static IReadOnlyList<T> Sort(IReadOnlyList<CatOrder<T>> keys, IReadOnlyList<T> rows)
    {
        var sorted = rows.OrderBy(static _ => 0);
        foreach (var (column, isDescending) in keys)
        {
            sorted = isDescending
                ? sorted.ThenByDescending(r => Number(column, r)).ThenByDescending(column.Value, StringComparer.Ordinal)
                : sorted.ThenBy(r => Number(column, r)).ThenBy(column.Value, StringComparer.Ordinal);
        }

        return [.. sorted];
    }

    private static CatOrder<T> Of(IReadOnlyList<CatColumn<T>> columns, string key)
    {
        string[] orders = [Descending, Ascending];
        var order = Array.Find(orders, o => key.EndsWith(o, StringComparison.Ordinal)) ?? "";
        var name = key[..^order.Length];
        var column = columns.FirstOrDefault(c => c.IsMeantBy(name)) ?? throw ApiError.IllegalArgument(
            $"Unable to sort by unknown sort key `{name}`; sort by {string.Join(", ", columns.Select(c => c.Name))}")
            .ToException();
        return new CatOrder<T>(column, order == Descending);
    }

    // What a node does not tell comes before every number; a column of texts is ordered by them alone.
    private static double Number(CatColumn<T> column, T row) =>
        column.IsNumber && double.TryParse(column.Value(row), CultureInfo.InvariantCulture, out var number)
            ? number
            : double.NegativeInfinity;
}
