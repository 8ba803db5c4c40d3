using MlCluster.Messages.Search;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>Searches and their answers.</summary>
internal static class SearchCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.SearchDocuments, Wire.SearchDocuments.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.DocumentsFound, Wire.DocumentsFound.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.SearchRejected, Wire.SearchRejected.Parser, ToWire, ToRecord),
    ];

    private static Wire.SearchDocuments ToWire(SearchDocuments search) => new()
    {
        Kind = FromEnum(search.Kind),
        Query = Bytes(search.Query),
        Sort = { search.Sort.Select(ToWire) },
        After = { search.After.Select(ToWire) },
        From = search.From,
        Size = search.Size,
        MinScore = search.MinScore,
    };

    private static SearchDocuments ToRecord(Wire.SearchDocuments wire) => new(
        ToEnum<DocumentKind>(wire.Kind),
        wire.Query.Memory,
        [.. wire.Sort.Select(ToRecord)],
        [.. wire.After.Select(ToRecord)],
        wire.From,
        wire.Size,
        wire.MinScore);

    private static Wire.SortField ToWire(SortField sort) => new()
    {
        Field = sort.Field,
        Descending = sort.Descending,
        MissingFirst = sort.MissingFirst,
        MayBeUnmapped = sort.MayBeUnmapped,
    };

    private static SortField ToRecord(Wire.SortField wire) =>
        new(wire.Field, wire.Descending, wire.MissingFirst, wire.MayBeUnmapped);

    private static Wire.SortValue ToWire(SortValue value) =>
        new() { Text = value.Text, Number = value.Number, Real = value.Real };

    private static SortValue ToRecord(Wire.SortValue wire) => new(wire.Text, wire.Number, wire.Real);

    private static Wire.DocumentsFound ToWire(DocumentsFound found) => new()
    {
        Total = found.Total,
        MaxScore = found.MaxScore,
        Hits = { found.Hits.Select(ToWire) },
        IsCut = found.IsCut,
    };

    private static DocumentsFound ToRecord(Wire.DocumentsFound wire) =>
        new(wire.Total, wire.MaxScore, [.. wire.Hits.Select(ToRecord)], wire.IsCut);

    private static Wire.SearchHit ToWire(SearchHit hit) => new()
    {
        Id = hit.Id,
        Version = hit.Version,
        SeqNo = hit.SeqNo,
        Score = hit.Score,
        Sort = { hit.Sort.Select(ToWire) },
        Document = Bytes(hit.Document),
    };

    private static SearchHit ToRecord(Wire.SearchHit wire) => new(
        wire.Id, wire.Version, wire.SeqNo, wire.Score, [.. wire.Sort.Select(ToRecord)], wire.Document.Memory);

    private static Wire.SearchRejected ToWire(SearchRejected reply) => new() { Error = reply.Error.ToWire() };

    private static SearchRejected ToRecord(Wire.SearchRejected wire) => new(Required(wire.Error).ToRecord());
}
