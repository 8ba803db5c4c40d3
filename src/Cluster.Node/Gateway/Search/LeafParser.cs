using System.Text.Json;
using MlCluster.Messages.Search;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Search;

/// <summary>Reads queries that name no field, or several values for one.</summary>
internal static class LeafParser
{
    // OpenSearch's index.max_terms_count.
    private const int MaxTerms = 65_536;

    /// <summary><c>ids</c>.</summary>
    public static SearchQuery Ids(JsonPart body)
    {
        SearchQuery? read = null;
        var (own, boost) = CommonFields.Split(body);
        foreach (var (name, value) in own)
        {
            read = name == "values"
                ? new IdsQuery(value.Texts("[ids] failed to parse field [values]"))
                : throw JsonErrors.Parsing($"[ids] unknown field [{name}]", value.At);
        }

        return (read ?? throw ApiError.IllegalArgument("Required [values]").ToException()) with { Boost = boost };
    }

    /// <summary><c>exists</c>.</summary>
    public static SearchQuery Exists(JsonPart body)
    {
        var field = "";
        var (own, boost) = CommonFields.Split(body);
        foreach (var (name, value) in own)
        {
            field = name == "field" && value.IsValue
                ? value.Text
                : throw JsonErrors.Parsing($"[exists] query does not support [{name}]", value.At);
        }

        return field.Length > 0
            ? new ExistsQuery(field) { Boost = boost }
            : throw JsonErrors.Parsing("[exists] must be provided with a [field]", body.At);
    }

    /// <summary><c>terms</c>.</summary>
    public static SearchQuery Terms(JsonPart body)
    {
        TermsQuery? read = null;
        var (own, boost) = CommonFields.Split(body);
        foreach (var (name, value) in own)
        {
            read = (value.Kind, read) switch
            {
                (JsonTokenType.StartArray, null) =>
                    new TermsQuery(name, Values(name, value), IsScored: false, IgnoreCase: false),
                (JsonTokenType.StartArray, _) =>
                    throw JsonErrors.Parsing("[terms] query does not support multiple fields", value.At),
                _ => throw JsonErrors.Parsing($"[terms] query does not support [{name}]", value.At),
            };
        }

        return (read ?? throw JsonErrors.Parsing(
            "[terms] query requires a field name, followed by array of terms or a document lookup specification",
            body.At)) with { Boost = boost };
    }

    private static IReadOnlyList<string> Values(string field, JsonPart array)
    {
        if (array.Items.Any(i => i.Kind == JsonTokenType.Null))
        {
            throw JsonErrors.Parsing("No value specified for terms query", array.At);
        }

        return array.Items.Count <= MaxTerms ? array.Texts($"[terms] query does not support [{field}]")
            : throw ApiError.IllegalArgument(
                $"The number of terms [{array.Items.Count}] used in the Terms Query request has exceeded the allowed "
                + $"maximum of [{MaxTerms}]").ToException();
    }
}
