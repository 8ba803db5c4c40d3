using MlCluster.Messages.Search;
using MlCluster.Node.Domain.Search;

namespace MlCluster.Node.Data.Search;

/// <summary>Gives hits their documents, as many as one message holds.</summary>
internal sealed class HitReader(DocumentTable table, long maxBytes)
{
    private const int HitsAtOnce = 500;

    // Ids, numbers and sort values beside a document.
    private const int BytesBeside = 200;

    /// <param name="kind">Whose hits.</param>
    /// <param name="found">What the index says.</param>
    /// <param name="leavesOutChanged">A document that changed after the search is left out, and no reason to search
    /// again.</param>
    /// <returns>Null: a document changed since; search again.</returns>
    public async Task<DocumentsFound?> ReadAsync(DocumentKind kind, FoundRows found, bool leavesOutChanged)
    {
        var hits = new List<SearchHit>();
        var bytes = 0L;
        foreach (var some in found.Rows.Chunk(HitsAtOnce))
        {
            var documents = await table.FetchAsync(kind, [.. some.Select(r => r.Document.Id)]);
            foreach (var row in some)
            {
                if (documents.GetValueOrDefault(row.Document.Id) is not { Document: { } document } stored
                    || stored.SeqNr != row.Document.SeqNo)
                {
                    if (!leavesOutChanged)
                    {
                        return null;
                    }

                    continue;
                }

                bytes += document.Length + BytesBeside;
                if (bytes > maxBytes && hits.Count > 0)
                {
                    return Answer(found, hits, isCut: true);
                }

                hits.Add(new SearchHit(
                    row.Document.Id, row.Document.Version, row.Document.SeqNo, row.Score, row.Sort, document));
            }
        }

        return Answer(found, hits, isCut: false);
    }

    private static DocumentsFound Answer(FoundRows found, List<SearchHit> hits, bool isCut) =>
        new(found.Total, found.MaxScore, hits, isCut);
}
