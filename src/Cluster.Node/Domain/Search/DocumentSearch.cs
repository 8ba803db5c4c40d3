using MlCluster.Messages.Search;
using MlCluster.Node.Domain.Search.Queries;
using MlCluster.Node.Domain.Search.Scoring;
using MlCluster.Node.Domain.Search.Sorting;

namespace MlCluster.Node.Domain.Search;

/// <summary>Index + query → hits without their documents.</summary>
internal static class DocumentSearch
{
    /// <param name="now">Epoch milliseconds.</param>
    /// <exception cref="SearchException">The search asks for what the index cannot do.</exception>
    public static FoundRows Run(DocumentIndex index, SearchDocuments search, SearchQuery query, long now)
    {
        var found = new QueryEvaluator(index, now).Evaluate(query);
        found = IsByScore(search) ? found.Scored(index.RowCount) : found;
        var rows = search.MinScore is { } least ? Above(found, least) : found;
        var order = new RowOrder(index, search.Sort, rows.Scores);
        var total = rows.Rows.Count;
        var first = order.First(rows.Rows, Math.Min(total, search.From + search.Size), search.After);
        return new FoundRows(
            total,
            MaxScoreOf(rows, total, search),
            [.. first.Skip(search.From).Select(r => new FoundRow(index[r], rows.Scores.Of(r), order.ValuesOf(r)))]);
    }

    private static Matches Above(Matches found, float least)
    {
        var rows = found.Rows.Copy();
        foreach (var row in found.Rows.Rows().Where(r => found.Scores.Of(r) < least))
        {
            rows.Remove(row);
        }

        return found with { Rows = rows };
    }

    // Sorted by something else, scores are told of few or of none.
    private static bool IsByScore(SearchDocuments search) =>
        search.Sort.Count == 0 || search.MinScore is not null || search.Sort.Any(s => s.Field == "_score");

    private static float? MaxScoreOf(Matches found, int total, SearchDocuments search) => found.Scores switch
    {
        _ when total == 0 => null,
        ConstantScores same => same.Of(0),
        var scores => IsByScore(search) ? found.Rows.Rows().Max(r => scores.Of(r)) : null,
    };
}

/// <summary>What a search found.</summary>
/// <param name="Total">How many there are in all.</param>
internal sealed record FoundRows(int Total, float? MaxScore, IReadOnlyList<FoundRow> Rows);

/// <summary>One hit.</summary>
internal sealed record FoundRow(IndexedRow Document, float Score, IReadOnlyList<SortValue> Sort);
