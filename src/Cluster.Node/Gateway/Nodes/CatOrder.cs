using System.Globalization;
using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>Sorts the rows of a table as <c>s=name,load_1m:desc</c> asks for: numbers by size, others by
/// text.</summary>
internal static class CatOrder
{
    private const string Descending = ":desc";
    private const string Ascending = ":asc";

    /// <summary>The rows in order; equal ones stay as they are.</summary>
    /// <exception cref="ApiException">400: there is no such column.</exception>
    public static IReadOnlyList<T> Sort<T>(
        IReadOnlyList<CatColumn<T>> columns, IReadOnlyList<T> rows, string? keys)
    {
        var sorted = rows.OrderBy(static _ => 0);
        foreach (var key in (keys ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var column = Column(columns, key);
            sorted = key.EndsWith(Descending, StringComparison.Ordinal)
                ? sorted.ThenByDescending(r => Number(column, r)).ThenByDescending(column.Value, StringComparer.Ordinal)
                : sorted.ThenBy(r => Number(column, r)).ThenBy(column.Value, StringComparer.Ordinal);
        }

        return [.. sorted];
    }

    private static CatColumn<T> Column<T>(IReadOnlyList<CatColumn<T>> columns, string key)
    {
        string[] orders = [Descending, Ascending];
        var order = Array.Find(orders, o => key.EndsWith(o, StringComparison.Ordinal)) ?? "";
        var name = key[..^order.Length];
        return columns.FirstOrDefault(c => c.IsMeantBy(name)) ?? throw ApiError.IllegalArgument(
            $"Unable to sort by unknown sort key `{name}`; sort by {string.Join(", ", columns.Select(c => c.Name))}")
            .ToException();
    }

    // What a node does not tell comes before every number; a column of texts is ordered by them alone.
    private static double Number<T>(CatColumn<T> column, T row) =>
        column.IsNumber && double.TryParse(column.Value(row), CultureInfo.InvariantCulture, out var number)
            ? number
            : double.NegativeInfinity;
}
