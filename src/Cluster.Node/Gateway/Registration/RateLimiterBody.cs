using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Documents;
using MlCluster.Node.Domain.Limits;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Registration;

/// <summary>Reads <c>rate_limiter</c> (contract 3.1).</summary>
internal static class RateLimiterBody
{
    private const int LongestLimit = 100;

    /// <summary>Reads the object at the reader.</summary>
    /// <exception cref="ApiException">400: something is wrong.</exception>
    public static RateLimiter Read(ref JsonPull json)
    {
        var limiter = new RateLimiter(null, null);
        json.BeginObject();
        while (json.NextField(out var name))
        {
            switch (name)
            {
                case "limit":
                    limiter = limiter with { Limit = Limit(json.Text()) };
                    break;
                case "unit":
                    limiter = limiter with { Unit = Unit(json.Text()) };
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return limiter;
    }

    private static string Limit(string text) => text.Length <= LongestLimit && RequestRate.ReadLimit(text) is not null
        ? text
        : throw ApiError.IllegalArgument("Limit field must be a positive number.").ToException();

    private static RateUnit Unit(string text)
    {
        foreach (var unit in Enum.GetValues<RateUnit>())
        {
            if (string.Equals(Words.Of(unit), text, StringComparison.OrdinalIgnoreCase))
            {
                return unit;
            }
        }

        var known = string.Join(", ", Enum.GetValues<RateUnit>().Select(u => Words.Of(u)));
        throw ApiError.IllegalArgument($"Wrong unit: [{text}]; it can be {known}").ToException();
    }
}
