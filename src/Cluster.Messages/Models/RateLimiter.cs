namespace MlCluster.Messages.Models;

/// <summary><c>rate_limiter</c>: so many requests in a unit of time. It limits once it has both.</summary>
/// <param name="Limit">A positive number as it was given; null: not said.</param>
/// <param name="Unit">Null: not said.</param>
public sealed record RateLimiter(string? Limit, RateUnit? Unit);

/// <summary>A rate limiter of one user; OpenSearch's controller holds some of them.</summary>
public sealed record UserRateLimiter(string User, RateLimiter Limiter);

/// <summary>Units of rate limiters, Java's <c>TimeUnit</c>; the numbers are part of the wire format.</summary>
public enum RateUnit
{
    Nanoseconds = 1,
    Microseconds = 2,
    Milliseconds = 3,
    Seconds = 4,
    Minutes = 5,
    Hours = 6,
    Days = 7,
}
