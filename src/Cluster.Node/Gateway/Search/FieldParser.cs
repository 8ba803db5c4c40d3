using System.Text.Json;
using MlCluster.Messages.Search;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Search;

/// <summary>Reads queries of the form <c>{"field": value}</c> or <c>{"field": {"value": value, …}}</c>.</summary>
internal static class FieldParser
{
    /// <param name="query">Name of the query.</param>
    public static SearchQuery Parse(string query, JsonPart body)
    {
        SearchQuery? read = null;
        var (found, boost) = ("", (float?)null);
        foreach (var (name, value) in body.Fields)
        {
            // Beside a field these two are the query's own.
            if (name is "boost" or "_name" && value.IsValue && body.Fields.Count > 1)
            {
                boost = name == "boost" ? value.Boost() : boost;
                continue;
            }

            if (read is not null)
            {
                throw JsonErrors.Parsing(
                    $"[{query}] query doesn't support multiple fields, found [{found}] and [{name}]", value.At);
            }

            (found, read) = (name, OfField(query, name, value));
        }

        read = read ?? throw ApiError.IllegalArgument("field name is null or empty").ToException();
        return boost is { } b ? read with { Boost = b } : read;
    }

    private static SearchQuery OfField(string query, string field, JsonPart value) => value.Kind switch
    {
        JsonTokenType.StartObject => value.Fields.Aggregate(
            new Parts(query), (parts, option) => parts.With(option.Name, option.Value)).ToQuery(field),
        JsonTokenType.StartArray => throw JsonErrors.Parsing(
            query == "term" ? "[term] query does not support array of values"
                : $"[{query}] unknown token [START_ARRAY] after [{field}]",
            value.At),
        _ => (new Parts(query) with { Value = TextOf(value) }).ToQuery(field),
    };

    private static string? TextOf(JsonPart value) => value.Kind == JsonTokenType.Null ? null : value.Text;

    private sealed record Parts(string Query)
    {
        public string? Value { get; init; }

        private float Boost { get; init; } = 1;

        private bool IgnoreCase { get; init; }

        private bool NeedsAll { get; init; }

        private string? MinimumShouldMatch { get; init; }

        private bool IsMatch => Query is "match" or "match_phrase";

        public Parts With(string name, JsonPart value) => name switch
        {
            _ when !value.IsValue && value.Kind != JsonTokenType.Null => throw Unknown(name, value),
            "value" when !IsMatch => this with { Value = TextOf(value) },
            "wildcard" when Query == "wildcard" => this with { Value = TextOf(value) },
            "prefix" when Query == "prefix" => this with { Value = TextOf(value) },
            "query" when IsMatch => this with { Value = TextOf(value) },
            "boost" => this with { Boost = value.Boost() },
            "_name" => this,
            "case_insensitive" when !IsMatch => this with { IgnoreCase = value.Flag() },
            // It changes scores of rare terms at most.
            "rewrite" when Query is "prefix" or "wildcard" => this,
            "operator" when Query == "match" => this with { NeedsAll = Operator(value) },
            "minimum_should_match" when Query == "match" => this with { MinimumShouldMatch = value.Text },
            "slop" when Query == "match_phrase" && value.Text == "0" => this,
            "zero_terms_query" when IsMatch && value.Text.Equals("none", StringComparison.OrdinalIgnoreCase) => this,
            _ => throw Unknown(name, value),
        };

        public SearchQuery ToQuery(string field)
        {
            var value = Value ?? throw ApiError.IllegalArgument(
                IsMatch ? $"[{Query}] requires query value" : "value cannot be null").ToException();
            SearchQuery query = Query switch
            {
                "term" => new TermsQuery(field, [value], IsScored: !IgnoreCase, IgnoreCase),
                "match" => new MatchQuery(field, value, NeedsAll, MinimumShouldMatch),
                "match_phrase" => new MatchPhraseQuery(field, value),
                "prefix" => new PrefixQuery(field, value, IgnoreCase),
                _ => new WildcardQuery(field, value, IgnoreCase),
            };
            return query with { Boost = Boost };
        }

        private ApiException Unknown(string name, JsonPart value) =>
            JsonErrors.Parsing($"[{Query}] query does not support [{name}]", value.At);

        private static bool Operator(JsonPart value) => value.Text.ToLowerInvariant() switch
        {
            "and" => true,
            "or" => false,
            _ => throw ApiError.IllegalArgument(
                $"operator needs to be either AND or OR, but not [{value.Text}]").ToException(),
        };
    }
}
