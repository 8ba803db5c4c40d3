using CsCheck;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Limits;

namespace MlCluster.Node.Tests.Domain.Limits;

public sealed class TokenBucketTests
{
    // Additions of shares of tokens round.
    private const double Rounding = 1e-6;

    private static readonly RequestRate FourAMinute = RequestRate.Of(new RateLimiter("4", RateUnit.Minutes), 1)!;

    [Theory]
    [InlineData("4", RateUnit.Minutes, 1, 4.0 / 60, 4)]
    [InlineData("4", RateUnit.Minutes, 2, 2.0 / 60, 2)]
    [InlineData("1", RateUnit.Hours, 3, 1.0 / 10_800, 1)]
    [InlineData("0.5", RateUnit.Seconds, 1, 0.5, 1)]
    [InlineData("2", RateUnit.Milliseconds, 1, 2_000, 2)]
    [InlineData("1e3", RateUnit.Days, 1, 1_000.0 / 86_400, 1_000)]
    public void Of_Limiter_IsANodesShare(string limit, RateUnit unit, int nodes, double perSecond, double burst)
    {
        var rate = RequestRate.Of(new RateLimiter(limit, unit), nodes)!;

        Assert.Equal((perSecond, burst), (rate.PerSecond, rate.Burst));
    }

    [Fact]
    public void Take_LimitBeyondAnyNumber_LetsThrough()
    {
        var rate = RequestRate.Of(new RateLimiter("1e300", RateUnit.Nanoseconds), 1)!;
        var bucket = TokenBucket.Full(rate, TimeSpan.Zero);

        foreach (var seconds in new[] { 0.0, 0.0, 1e6 })
        {
            (bucket, var taken) = bucket.Take(rate, TimeSpan.FromSeconds(seconds));

            Assert.True(taken);
        }
    }

    [Fact]
    public void Of_LimiterWithoutNumberOrUnit_LimitsNothing()
    {
        Assert.Null(RequestRate.Of(null, 1));
        Assert.Null(RequestRate.Of(new RateLimiter("4", null), 1));
        Assert.Null(RequestRate.Of(new RateLimiter(null, RateUnit.Seconds), 1));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData("four")]
    [InlineData("")]
    public void ReadLimit_NoPositiveNumber_IsNone(string text) => Assert.Null(RequestRate.ReadLimit(text));

    [Fact]
    public void Take_BurstThenRest_LetsThroughWhatTheRateAllows()
    {
        var bucket = TokenBucket.Full(FourAMinute, TimeSpan.Zero);
        for (var i = 0; i < 4; i++)
        {
            bucket = Taken(bucket, 0);
        }

        bucket = Refused(bucket, 0);
        bucket = Refused(bucket, 14.9);
        bucket = Taken(bucket, 15.1);
        bucket = Refused(bucket, 15.1);
        for (var i = 0; i < 4; i++)
        {
            bucket = Taken(bucket, 3_600);
        }

        Refused(bucket, 3_600);
    }

    [Fact]
    public void Take_AnyTimes_NeverMoreThanBurstAndRateAllowNorFewerThanTheRate() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[1, 4], Gen.Double[0, 3].Array[1, 200]).Sample((limit, nodes, pauses) =>
        {
            var rate = RequestRate.Of(new RateLimiter($"{limit}", RateUnit.Seconds), nodes)!;
            var (bucket, now, taken) = (TokenBucket.Full(rate, TimeSpan.Zero), 0.0, 0);
            foreach (var pause in pauses)
            {
                now += pause / limit;
                (bucket, var isTaken) = bucket.Take(rate, TimeSpan.FromSeconds(now));
                taken += isTaken ? 1 : 0;
                Assert.InRange(bucket.Tokens, -Rounding, rate.Burst + Rounding);
                // A refusal means that all that was allowed so far was let through, but for less than one, or that a
                // rest was longer than the bucket holds.
                Assert.True(isTaken || bucket.Tokens < 1);
            }

            Assert.True(taken <= rate.Burst + (now * rate.PerSecond) + Rounding, $"{taken} in {now} s");
        });

    private static TokenBucket Taken(TokenBucket bucket, double seconds)
    {
        var (next, taken) = bucket.Take(FourAMinute, TimeSpan.FromSeconds(seconds));
        Assert.True(taken, $"at {seconds} s with {bucket}");
        return next;
    }

    private static TokenBucket Refused(TokenBucket bucket, double seconds)
    {
        var (next, taken) = bucket.Take(FourAMinute, TimeSpan.FromSeconds(seconds));
        Assert.False(taken, $"at {seconds} s with {bucket}");
        return next;
    }
}
