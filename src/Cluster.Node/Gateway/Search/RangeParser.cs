using System.Text.Json;
using MlCluster.Messages.Search;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Search;

/// <summary>Reads <c>range</c>.</summary>
internal static class RangeParser
{
    // Those in which dates are understood here anyway.
    private static readonly string[] Formats =
        ["epoch_millis", "strict_date_time", "strict_date_time||epoch_millis", "strict_date_optional_time"];

    public static SearchQuery Parse(JsonPart body)
    {
        RangeQuery? read = null;
        foreach (var (name, value) in body.Fields)
        {
            if (value.Kind != JsonTokenType.StartObject)
            {
                throw JsonErrors.Parsing($"[range] query does not support [{name}]", value.At);
            }

            if (read is not null)
            {
                throw JsonErrors.Parsing(
                    $"[range] query doesn't support multiple fields, found [{read.Field}] and [{name}]", value.At);
            }

            read = value.Fields.Aggregate(
                new RangeQuery(name, null, true, null, true), (range, bound) => With(range, bound.Name, bound.Value));
        }

        return read ?? throw ApiError.IllegalArgument("field name is null or empty").ToException();
    }

    private static RangeQuery With(RangeQuery range, string name, JsonPart value) => name switch
    {
        _ when !value.IsValue && value.Kind != JsonTokenType.Null => throw Unknown(name, value),
        "gte" => range with { From = TextOf(value), IncludesFrom = true },
        "gt" => range with { From = TextOf(value), IncludesFrom = false },
        "lte" => range with { To = TextOf(value), IncludesTo = true },
        "lt" => range with { To = TextOf(value), IncludesTo = false },
        "from" => range with { From = TextOf(value) },
        "to" => range with { To = TextOf(value) },
        "include_lower" => range with { IncludesFrom = value.Flag() },
        "include_upper" => range with { IncludesTo = value.Flag() },
        "format" when Formats.Contains(value.Text, StringComparer.Ordinal) => range,
        "time_zone" when value.Text is "UTC" or "Z" or "+00:00" => range,
        _ => (RangeQuery?)CommonFields.Read(range, name, value) ?? throw Unknown(name, value),
    };

    private static string? TextOf(JsonPart value) => value.Kind == JsonTokenType.Null ? null : value.Text;

    private static ApiException Unknown(string name, JsonPart value) =>
        JsonErrors.Parsing($"[range] query does not support [{name}]", value.At);
}
