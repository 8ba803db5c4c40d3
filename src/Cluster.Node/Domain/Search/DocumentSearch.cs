using MlCluster.Messages.Search;
using MlCluster.Node.Domain.Search.Columns;
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
        if (found.Scores is ConstantScores || !IsByScore(search))
        {
            return Ordered(index, search, found, MaxScoreOf(found));
        }

        using var scores = new KnownScores(found, index.RowCount);
        return Ordered(index, search, found with { Scores = scores }, scores.Highest);
    }

    private static FoundRows Ordered(DocumentIndex index, SearchDocuments search, Matches found, float? maxScore)
    {
        var rows = search.MinScore is { } least ? Above(found, least) : found.Rows;
        var order = new RowOrder(index, search.Sort, found.Scores);
        var total = rows.Count;
        var first = order.First(rows, Math.Min(total, search.From + search.Size), search.After);
        return new FoundRows(
            total,
            total > 0 ? maxScore : null,
            [.. first.Skip(search.From).Select(r => new FoundRow(index[r], found.Scores.Of(r), order.ValuesOf(r)))]);
    }

    private static RowSet Above(Matches found, float least)
    {
        var rows = found.Rows.Copy();
        foreach (var row in found.Rows)
        {
            rows.Put(row, found.Scores.Of(row) >= least);
        }

        return rows;
    }

    // Sorted by something else, scores are told of few or of none.
    private static bool IsByScore(SearchDocuments search) =>
        search.Sort.Count == 0 || search.MinScore is not null || search.Sort.Any(s => s.Field == "_score");

    private static float? MaxScoreOf(Matches found) => found.Scores is ConstantScores same ? same.Of(0) : null;
}

/// <summary>What a search found.</summary>
/// <param name="Total">How many there are in all.</param>
internal sealed record FoundRows(int Total, float? MaxScore, IReadOnlyList<FoundRow> Rows);

/// <summary>One hit.</summary>
internal sealed record FoundRow(IndexedRow Document, float Score, IReadOnlyList<SortValue> Sort);
