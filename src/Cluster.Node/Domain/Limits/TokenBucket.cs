namespace MlCluster.Node.Domain.Limits;

/// <summary>Requests that may still be let through; it fills at a rate and never beyond its burst.</summary>
/// <param name="Tokens">One for each request.</param>
/// <param name="At">When there were so many, on a clock that never goes back.</param>
internal sealed record TokenBucket(double Tokens, TimeSpan At)
{
    /// <summary>A bucket after a rest.</summary>
    public static TokenBucket Full(RequestRate rate, TimeSpan now) => new(rate.Burst, now);

    /// <summary>Lets one request through, if there is a token for it.</summary>
    public (TokenBucket Next, bool Taken) Take(RequestRate rate, TimeSpan now)
    {
        var filled = Math.Min(rate.Burst, Tokens + ((now - At).TotalSeconds * rate.PerSecond));
        return filled >= 1
            ? (new TokenBucket(filled - 1, now), true)
            : (new TokenBucket(filled, now), false);
    }
}
