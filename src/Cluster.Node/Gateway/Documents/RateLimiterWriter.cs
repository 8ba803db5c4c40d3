using System.Text.Json;
using MlCluster.Messages.Models;

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
        json.OptionalString("unit", limiter.Unit?.ToString().ToUpperInvariant());
        json.WriteEndObject();
    }
}
