using MlCluster.Messages.Search;
using MlCluster.Messages.Serialization;
using MlCluster.Node.Domain.Search;
using MlCluster.Node.Domain.Search.Documents;

namespace MlCluster.Node.Data.Search;

/// <summary>The indexes of one node, and how far they are with the documents' table.</summary>
internal sealed class IndexFollower
{
    private long _generation;
    private Dictionary<DocumentKind, DocumentIndex> _indexes = NewIndexes();

    /// <summary>The latest change that is in.</summary>
    public long SeqNr { get; private set; }

    public DocumentIndex IndexOf(DocumentKind kind) => _indexes[kind];

    /// <summary>Begins anew when the documents were made again.</summary>
    public void Follow(long generation)
    {
        if (generation != _generation)
        {
            (_generation, SeqNr) = (generation, 0);
            _indexes = NewIndexes();
        }
    }

    /// <summary>Says that all up to a number is in.</summary>
    public void Reach(long seqNr) => SeqNr = Math.Max(SeqNr, seqNr);

    /// <summary>Takes a change over.</summary>
    public void Take(StoredDocument stored)
    {
        var index = IndexOf(stored.Key.Kind);
        if (stored.Document is { } document)
        {
            var indexed = stored.Key.Kind switch
            {
                DocumentKind.Model => IndexedDocument.Of(DocumentBytes.Model(document), stored.SeqNr),
                DocumentKind.ModelGroup => IndexedDocument.Of(DocumentBytes.ModelGroup(document), stored.SeqNr),
                _ => IndexedDocument.Of(DocumentBytes.Task(document), stored.SeqNr),
            };
            index.Put(indexed with { Id = stored.Key.Id });
        }
        else
        {
            index.Remove(stored.Key.Id);
        }

        SeqNr = stored.SeqNr;
    }

    private static Dictionary<DocumentKind, DocumentIndex> NewIndexes() =>
        Enum.GetValues<DocumentKind>().ToDictionary(kind => kind, kind => new DocumentIndex(DocumentMapping.Of(kind)));
}
