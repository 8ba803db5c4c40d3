namespace MlCluster.Messages.Search;

/// <summary>Asks a data node for documents. Answer: <see cref="DocumentsFound"/> or <see cref="SearchRejected"/>.
/// </summary>
/// <param name="Query">Bytes of a <see cref="SearchQuery"/>
/// (<see cref="Serialization.SearchQueryBytes"/>).</param>
/// <param name="Sort">Empty: by score.</param>
/// <param name="After">Values of the sort fields after which to begin; empty: at the beginning.</param>
/// <param name="From">Hits to pass over.</param>
/// <param name="Size">Hits to give at most.</param>
/// <param name="MinScore">Documents with less are no hits.</param>
public sealed record SearchDocuments(
    DocumentKind Kind,
    ReadOnlyMemory<byte> Query,
    IReadOnlyList<SortField> Sort,
    IReadOnlyList<SortValue> After,
    int From,
    int Size,
    float? MinScore) : IClusterProtocol;

/// <summary>One field to sort by.</summary>
/// <param name="Field">A field, <c>_score</c>, <c>_id</c> or <c>_doc</c>.</param>
/// <param name="MissingFirst">Where documents without the field go.</param>
/// <param name="MayBeUnmapped">A field that no document has is no mistake.</param>
public sealed record SortField(string Field, bool Descending, bool MissingFirst, bool MayBeUnmapped);

/// <summary>The value of a sort field; nothing set: the document has none.</summary>
/// <param name="Real">A score.</param>
public sealed record SortValue(string? Text, long? Number, double? Real);

/// <summary>Documents that were found.</summary>
/// <param name="Total">How many there are.</param>
/// <param name="MaxScore">The highest score of all; null when nothing was found.</param>
/// <param name="IsCut">True when a message holds no more than these: ask again further on.</param>
public sealed record DocumentsFound(long Total, float? MaxScore, IReadOnlyList<SearchHit> Hits, bool IsCut)
    : IClusterProtocol;

/// <summary>A document that was found.</summary>
/// <param name="SeqNo">Number of the change that made it what it is; grows over all documents.</param>
/// <param name="Sort">Values of the sort fields.</param>
/// <param name="Document">Bytes of a document (<see cref="Serialization.DocumentBytes"/>).</param>
public sealed record SearchHit(
    string Id,
    long Version,
    long SeqNo,
    float Score,
    IReadOnlyList<SortValue> Sort,
    ReadOnlyMemory<byte> Document);

/// <summary>The search was refused.</summary>
public sealed record SearchRejected(ProtocolError Error) : IClusterProtocol;
