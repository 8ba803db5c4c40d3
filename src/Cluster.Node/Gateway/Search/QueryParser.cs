using System.Text.Json;
using MlCluster.Messages.Search;
using MlCluster.Node.Domain.Search.Queries;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Search;

/// <summary>Reads OpenSearch's query DSL; what is not known is refused in its words, never passed over.</summary>
internal static class QueryParser
{
    /// <summary>OpenSearch's <c>indices.query.bool.max_nested_depth</c>.</summary>
    public const int MaxDepth = 20;

    private const int LongestName = 64;

    private static readonly string[] Names =
    [
        "bool", "constant_score", "exists", "ids", "match", "match_all", "match_none", "match_phrase", "prefix",
        "range", "term", "terms", "wildcard",
    ];

    /// <exception cref="ApiException">400: it is none.</exception>
    public static SearchQuery Parse(JsonPart json)
    {
        var clauses = 0;
        return Parse(json, 0, ref clauses);
    }

    private static SearchQuery Parse(JsonPart json, int depth, ref int clauses)
    {
        if (json.Kind != JsonTokenType.StartObject)
        {
            throw JsonErrors.Parsing("[_na] query malformed, must start with start_object", json.At);
        }

        if (json.Fields.Count == 0)
        {
            throw ApiError.IllegalArgument(
                $"query malformed, empty clause found at [{json.At.Line}:{json.At.Column}]").ToException();
        }

        var (name, body) = json.Fields[0];
        if (body.Kind != JsonTokenType.StartObject)
        {
            throw JsonErrors.Parsing($"[{name}] query malformed, no start_object after query name", body.At);
        }

        if (++clauses > QueryEvaluator.MaxClauses)
        {
            throw ApiError.IllegalArgument($"maxClauseCount is set to {QueryEvaluator.MaxClauses}").ToException();
        }

        var query = Parse(name, body, depth, ref clauses);
        return json.Fields.Count == 1 ? query : throw JsonErrors.Parsing(
            $"[{name}] malformed query, expected [END_OBJECT] but found [FIELD_NAME]", json.Fields[1].Value.At);
    }

    private static SearchQuery Parse(string name, JsonPart body, int depth, ref int clauses) => name switch
    {
        "bool" => Bool(body, Deeper(depth), ref clauses),
        "constant_score" => ConstantScore(body, Deeper(depth), ref clauses),
        "match_all" => Plain(new MatchAllQuery(), name, body),
        "match_none" => Plain(new MatchNoneQuery(), name, body),
        "ids" => LeafParser.Ids(body),
        "exists" => LeafParser.Exists(body),
        "terms" => LeafParser.Terms(body),
        "term" or "match" or "match_phrase" or "prefix" or "wildcard" => FieldParser.Parse(name, body),
        "range" => RangeParser.Parse(body),
        _ => throw JsonErrors.Parsing($"unknown query [{name}]{Hint(name)}", body.At),
    };

    private static int Deeper(int depth) => depth < MaxDepth ? depth + 1 : throw ApiError.IllegalArgument(
        "The nested depth of the query exceeds the maximum nested depth for bool queries set in "
        + $"[indices.query.bool.max_nested_depth]: {MaxDepth}").ToException();

    // Names are compared letter by letter: a very long one is none of ours.
    private static string Hint(string name) =>
        (name.Length <= LongestName ? NearestName.Like(name, Names).ToArray() : []) switch
    {
        [] => "",
        [var one] => $" did you mean [{one}]?",
        var some => $" did you mean any of [{string.Join(", ", some)}]?",
    };

    private static SearchQuery Plain(SearchQuery query, string name, JsonPart body) =>
        body.Fields.Aggregate(query, (read, field) => CommonFields.Read(read, field.Name, field.Value)
            ?? throw JsonErrors.Parsing($"[{name}] unknown field [{field.Name}]", field.Value.At));

    private static BoolQuery Bool(JsonPart body, int depth, ref int clauses)
    {
        var read = new BoolQuery([], [], [], [], null);
        foreach (var (name, value) in body.Fields)
        {
            read = name switch
            {
                "must" => read with { Must = Clauses(name, value, depth, ref clauses) },
                "should" => read with { Should = Clauses(name, value, depth, ref clauses) },
                "filter" => read with { Filter = Clauses(name, value, depth, ref clauses) },
                "must_not" or "mustNot" => read with { MustNot = Clauses(name, value, depth, ref clauses) },
                "minimum_should_match" when value.IsValue => read with { MinimumShouldMatch = value.Text },
                "adjust_pure_negative" when value.IsValue && value.Flag() => read,
                _ => (BoolQuery?)CommonFields.Read(read, name, value)
                    ?? throw JsonErrors.Parsing($"[bool] query does not support [{name}]", value.At),
            };
        }

        return read;
    }

    private static List<SearchQuery> Clauses(string name, JsonPart value, int depth, ref int clauses)
    {
        var queries = new List<SearchQuery>();
        switch (value.Kind)
        {
            case JsonTokenType.StartObject:
                queries.Add(Parse(value, depth, ref clauses));
                break;
            case JsonTokenType.StartArray:
                foreach (var item in value.Items)
                {
                    queries.Add(Parse(item, depth, ref clauses));
                }

                break;
            default:
                throw JsonErrors.Parsing($"[bool] query does not support [{name}]", value.At);
        }

        return queries;
    }

    private static ConstantScoreQuery ConstantScore(JsonPart body, int depth, ref int clauses)
    {
        SearchQuery? read = null;
        var (own, boost) = CommonFields.Split(body);
        foreach (var (name, value) in own)
        {
            read = name == "filter"
                ? Parse(value, depth, ref clauses)
                : throw JsonErrors.Parsing($"[constant_score] query does not support [{name}]", value.At);
        }

        return read is not null
            ? new ConstantScoreQuery(read) { Boost = boost }
            : throw JsonErrors.Parsing("[constant_score] requires a 'filter' element", body.At);
    }
}
