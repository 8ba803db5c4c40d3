using System.Runtime.Serialization;
using Google.Protobuf;
using MlCluster.Messages.Search;

namespace MlCluster.Messages.Serialization;

/// <summary>A query as bytes and back.</summary>
public static class SearchQueryBytes
{
    /// <summary>A query as it travels.</summary>
    public static byte[] Encode(SearchQuery query) => ToWire(query).ToByteArray();

    /// <summary>The query that was encoded.</summary>
    /// <exception cref="SerializationException">The bytes are none, or of a newer version.</exception>
    public static SearchQuery Decode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return ToRecord(Wire.SearchQuery.Parser.ParseFrom(bytes.Span));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new SerializationException($"The bytes are no query: {e.Message}", e);
        }
    }

    private static Wire.SearchQuery ToWire(SearchQuery query)
    {
        var wire = query switch
        {
            MatchAllQuery => new Wire.SearchQuery { MatchAll = true },
            MatchNoneQuery => new Wire.SearchQuery { MatchNone = true },
            IdsQuery q => new Wire.SearchQuery { Ids = new Wire.StringList { Items = { q.Values } } },
            TermsQuery q => new Wire.SearchQuery { Terms = ToWire(q) },
            MatchQuery q => new Wire.SearchQuery { Match = ToWire(q) },
            MatchPhraseQuery q => new Wire.SearchQuery
            {
                MatchPhrase = new Wire.SearchText { Field = q.Field, Text = q.Text },
            },
            PrefixQuery q => new Wire.SearchQuery { Prefix = Pattern(q.Field, q.Value, q.IgnoreCase) },
            WildcardQuery q => new Wire.SearchQuery { Wildcard = Pattern(q.Field, q.Value, q.IgnoreCase) },
            RangeQuery q => new Wire.SearchQuery { Range = ToWire(q) },
            ExistsQuery q => new Wire.SearchQuery { Exists = q.Field },
            BoolQuery q => new Wire.SearchQuery { Bool = ToWire(q) },
            ConstantScoreQuery q => new Wire.SearchQuery { ConstantScore = ToWire(q.Filter) },
            _ => throw new ArgumentException($"{query.GetType().Name} is no query", nameof(query)),
        };
        wire.Boost = query.Boost;
        return wire;
    }

    private static Wire.SearchTerms ToWire(TermsQuery q) =>
        new() { Field = q.Field, Values = { q.Values }, IsScored = q.IsScored, IgnoreCase = q.IgnoreCase };

    private static Wire.SearchText ToWire(MatchQuery q) =>
        new() { Field = q.Field, Text = q.Text, NeedsAll = q.NeedsAll, MinimumShouldMatch = q.MinimumShouldMatch };

    private static Wire.SearchPattern Pattern(string field, string value, bool ignoreCase) =>
        new() { Field = field, Value = value, IgnoreCase = ignoreCase };

    private static Wire.SearchRange ToWire(RangeQuery q) => new()
    {
        Field = q.Field, From = q.From, IncludesFrom = q.IncludesFrom, To = q.To, IncludesTo = q.IncludesTo,
    };

    private static Wire.SearchBool ToWire(BoolQuery q) => new()
    {
        Must = { q.Must.Select(ToWire) },
        Should = { q.Should.Select(ToWire) },
        Filter = { q.Filter.Select(ToWire) },
        MustNot = { q.MustNot.Select(ToWire) },
        MinimumShouldMatch = q.MinimumShouldMatch,
    };

    private static SearchQuery ToRecord(Wire.SearchQuery wire)
    {
        SearchQuery query = wire.QueryCase switch
        {
            Wire.SearchQuery.QueryOneofCase.MatchAll => new MatchAllQuery(),
            Wire.SearchQuery.QueryOneofCase.MatchNone => new MatchNoneQuery(),
            Wire.SearchQuery.QueryOneofCase.Ids => new IdsQuery([.. wire.Ids.Items]),
            Wire.SearchQuery.QueryOneofCase.Terms => new TermsQuery(
                wire.Terms.Field, [.. wire.Terms.Values], wire.Terms.IsScored, wire.Terms.IgnoreCase),
            Wire.SearchQuery.QueryOneofCase.Match => new MatchQuery(
                wire.Match.Field, wire.Match.Text, wire.Match.NeedsAll, wire.Match.MinimumShouldMatch),
            Wire.SearchQuery.QueryOneofCase.MatchPhrase =>
                new MatchPhraseQuery(wire.MatchPhrase.Field, wire.MatchPhrase.Text),
            Wire.SearchQuery.QueryOneofCase.Prefix =>
                new PrefixQuery(wire.Prefix.Field, wire.Prefix.Value, wire.Prefix.IgnoreCase),
            Wire.SearchQuery.QueryOneofCase.Wildcard =>
                new WildcardQuery(wire.Wildcard.Field, wire.Wildcard.Value, wire.Wildcard.IgnoreCase),
            Wire.SearchQuery.QueryOneofCase.Range => ToRecord(wire.Range),
            Wire.SearchQuery.QueryOneofCase.Exists => new ExistsQuery(wire.Exists),
            Wire.SearchQuery.QueryOneofCase.Bool => ToRecord(wire.Bool),
            Wire.SearchQuery.QueryOneofCase.ConstantScore => new ConstantScoreQuery(ToRecord(wire.ConstantScore)),
            _ => throw new SerializationException("A query of a kind that this version does not know."),
        };
        return query with { Boost = wire.Boost };
    }

    private static RangeQuery ToRecord(Wire.SearchRange wire) =>
        new(wire.Field, wire.From, wire.IncludesFrom, wire.To, wire.IncludesTo);

    private static BoolQuery ToRecord(Wire.SearchBool wire) => new(
        [.. wire.Must.Select(ToRecord)],
        [.. wire.Should.Select(ToRecord)],
        [.. wire.Filter.Select(ToRecord)],
        [.. wire.MustNot.Select(ToRecord)],
        wire.MinimumShouldMatch);
}
