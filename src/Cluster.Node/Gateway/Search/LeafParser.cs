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
        var boost = 1f;
        foreach (var (name, value) in body.Fields)
        {
            switch (name)
            {
                case "values":
                    read = new IdsQuery(value.Texts("[ids] failed to parse field [values]"));
                    break;
                case "boost" when value.IsValue:
                    boost = value.Boost();
                    break;
                case "_name" when value.IsValue:
                    break;
                default:
                    throw JsonErrors.Parsing($"[ids] unknown field [{name}]", value.At);
            }
        }

        return (read ?? throw ApiError.IllegalArgument("Required [values]").ToException()) with { Boost = boost };
    }

    /// <summary><c>exists</c>.</summary>
    public static SearchQuery Exists(JsonPart body)
    {
        var (field, boost) = ("", 1f);
        foreach (var (name, value) in body.Fields)
        {
            switch (name)
            {
                case "field" when value.IsValue:
                    field = value.Text;
                    break;
                case "boost" when value.IsValue:
                    boost = value.Boost();
                    break;
                case "_name" when value.IsValue:
                    break;
                default:
                    throw JsonErrors.Parsing($"[exists] query does not support [{name}]", value.At);
            }
        }

        return field.Length > 0
            ? new ExistsQuery(field) { Boost = boost }
            : throw JsonErrors.Parsing("[exists] must be provided with a [field]", body.At);
    }

    /// <summary><c>terms</c>.</summary>
    public static SearchQuery Terms(JsonPart body)
    {
        TermsQuery? read = null;
        var boost = 1f;
        foreach (var (name, value) in body.Fields)
        {
            switch (value.Kind)
            {
                case JsonTokenType.StartArray when read is not null:
                    throw JsonErrors.Parsing("[terms] query does not support multiple fields", value.At);
                case JsonTokenType.StartArray:
                    read = new TermsQuery(name, Values(name, value), IsScored: false, IgnoreCase: false);
                    break;
                case var _ when name == "boost" && value.IsValue:
                    boost = value.Boost();
                    break;
                case var _ when name == "_name" && value.IsValue:
                    break;
                default:
                    throw JsonErrors.Parsing($"[terms] query does not support [{name}]", value.At);
            }
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
