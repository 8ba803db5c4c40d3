using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Registration;

/// <summary>Reads a model's controller (contract 8).</summary>
internal static class ControllerBody
{
    private const int MaxUsers = 1_000;
    private const int LongestUser = 1_000;

    /// <summary>Rate limiters by user; those that say nothing are none.</summary>
    /// <exception cref="ApiException">400: it cannot be read, or a value is wrong.</exception>
    public static IReadOnlyList<UserRateLimiter> Parse(ReadOnlySpan<byte> body)
    {
        var users = new List<UserRateLimiter>();
        var json = new JsonPull(body);
        json.BeginObject();
        while (json.NextField(out var name))
        {
            if (name == "user_rate_limiter")
            {
                ReadUsers(users, ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return users.Count <= MaxUsers && users.TrueForAll(u => u.User.Length <= LongestUser)
            ? users
            : throw ApiError.IllegalArgument(
                $"user_rate_limiter: name at most {MaxUsers} users, each in at most {LongestUser} characters")
                .ToException();
    }

    private static void ReadUsers(List<UserRateLimiter> users, ref JsonPull json)
    {
        json.BeginObject();
        while (json.NextField(out var user))
        {
            var limiter = RateLimiterBody.Read(ref json);
            if (limiter != new RateLimiter(null, null))
            {
                users.Add(new UserRateLimiter(user, limiter));
            }
        }
    }
}
