using MlCluster.Messages.Search;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Search;

/// <summary>What a client wants to be found, and how it is to be told.</summary>
internal sealed record SearchBody
{
    /// <summary>Hits that can be reached by from and size, OpenSearch's <c>index.max_result_window</c>.</summary>
    public const int MaxResultWindow = 10_000;

    private const int DefaultSize = 10;
    private const int DefaultTotal = 10_000;

    public SearchQuery Query { get; init; } = new MatchAllQuery();

    public IReadOnlyList<SortField> Sort { get; init; } = [];

    public IReadOnlyList<SortValue> After { get; init; } = [];

    public int From { get; init; }

    public int Size { get; init; } = DefaultSize;

    public float? MinScore { get; init; }

    public SourceFilter Source { get; init; } = SourceFilter.All;

    /// <summary>Hits are counted so far; null: not told.</summary>
    public long? TotalUpTo { get; init; } = DefaultTotal;

    /// <summary>Scores are told although something else orders the hits.</summary>
    public bool TrackScores { get; init; }

    /// <summary>True where the hits have a score.</summary>
    public bool HasScores => TrackScores || Sort.Count == 0 || Sort.Any(s => s.Field == "_score");

    /// <summary>Reads a search.</summary>
    /// <exception cref="ApiException">400: it cannot be read, or asks for what is not there.</exception>
    public static SearchBody Parse(ReadOnlyMemory<byte> body)
    {
        var json = JsonPart.Parse(body);
        if (json.Kind != System.Text.Json.JsonTokenType.StartObject)
        {
            throw JsonErrors.Parsing($"Expected [START_OBJECT] but found [{json.KindName}]", json.At);
        }

        return json.Fields.Aggregate(new SearchBody(), (read, field) => read.With(field.Name, field.Value)).Checked();
    }

    private SearchBody With(string name, JsonPart value) => (name, value.IsValue) switch
    {
        ("query", false) => this with { Query = QueryParser.Parse(value) },
        ("sort", _) => this with { Sort = SortParser.Parse(value) },
        ("search_after", false) => this with { After = SortParser.ParseAfter(value) },
        ("_source", _) => this with { Source = SourceFilter.Parse(value) },
        ("from", true) => this with { From = NotNegative("from", value) },
        ("size", true) => this with { Size = NotNegative("size", value) },
        ("min_score", true) => this with { MinScore = value.Real() },
        ("track_total_hits", true) => this with { TotalUpTo = Total(value) },
        ("track_scores", true) => this with { TrackScores = value.Flag() },
        // Always told, as ML Commons asks for them itself.
        ("version" or "seq_no_primary_term", true) when value.Flag() is var _ => this,
        ("explain" or "profile", true) when !value.Flag() => this,
        // No search runs long enough for it to matter.
        ("timeout", true) => this,
        _ => throw JsonErrors.Parsing($"Unknown key for a {value.KindName} in [{name}].", value.At),
    };

    private SearchBody Checked()
    {
        if ((long)From + Size > MaxResultWindow)
        {
            throw ApiError.IllegalArgument(
                $"Result window is too large, from + size must be less than or equal to: [{MaxResultWindow}] but was "
                + $"[{(long)From + Size}]. Use search_after to go on from the last hit").ToException();
        }

        if (After.Count == 0)
        {
            return this;
        }

        var problem = (Sort.Count, From) switch
        {
            (0, _) => "Sort must contain at least one field.",
            (var sorts, _) when sorts != After.Count =>
                $"search_after has {After.Count} value(s) but sort has {sorts}.",
            (_, > 0) => "`from` parameter must be set to 0 when `search_after` is used.",
            _ => null,
        };
        return problem is null ? this : throw ApiError.IllegalArgument(problem).ToException();
    }

    private static int NotNegative(string name, JsonPart value) => value.Integer() is >= 0 and var number
        ? number
        : throw ApiError.IllegalArgument($"[{name}] parameter cannot be negative, found [{value.Text}]").ToException();

    private static long? Total(JsonPart value) => value.Text switch
    {
        "true" => long.MaxValue,
        "false" or "-1" => null,
        _ when value.Integer() is >= 0 and var upTo => upTo,
        _ => throw ApiError.IllegalArgument(
            $"[track_total_hits] parameter must be positive or equals to -1, got {value.Text}").ToException(),
    };
}
