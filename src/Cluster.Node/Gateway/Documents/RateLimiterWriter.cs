using System.Text.Json;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Documents;

namespace MlCluster.Node.Gateway.Documents;

/// <summary>Writes rate limiters; the limit as a text, as OpenSearch does.</summary>
internal static class RateLimiterWriter
{
    /// <summary>Writes a limiter under a name; null: nothing.</summary>
    public static void Limiter(this Utf8JsonWriter json, string name, RateLimiter? limiter)
    {
        if (limiter is null)
        {
            return;
        }

        json.WriteStartObject(name);
        json.OptionalString("limit", limiter.Limit);
        json.OptionalString("unit", limiter.Unit is { } unit ? Words.Of(unit) : null);
        json.WriteEndObject();
    }
}
