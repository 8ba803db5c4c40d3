using MlCluster.Messages.Search;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Search;

/// <summary>What every query may have: <c>boost</c>, and <c>_name</c>, which is told in no answer.</summary>
internal static class CommonFields
{
    /// <summary>Reads one of them; null: the field is something else.</summary>
    public static SearchQuery? Read(SearchQuery query, string field, JsonPart value) => field switch
    {
        "boost" when value.IsValue => query with { Boost = value.Boost() },
        "_name" when value.IsValue => query,
        _ => null,
    };

    /// <summary>Reads them out of a body and gives the query's own fields.</summary>
    public static (IReadOnlyList<(string Name, JsonPart Value)> Own, float Boost) Split(JsonPart body)
    {
        SearchQuery common = new MatchAllQuery();
        var own = new List<(string Name, JsonPart Value)>();
        foreach (var field in body.Fields)
        {
            if (Read(common, field.Name, field.Value) is { } read)
            {
                common = read;
            }
            else
            {
                own.Add(field);
            }
        }

        return (own, common.Boost);
    }
}
