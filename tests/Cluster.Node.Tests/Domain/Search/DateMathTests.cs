using System.Globalization;
using MlCluster.Node.Domain.Search.Queries;

namespace MlCluster.Node.Tests.Domain.Search;

/// <summary>OpenSearch's date math.</summary>
public sealed class DateMathTests
{
    // A Wednesday.
    private const string Now = "2024-02-28T13:45:50.123Z";

    [Theory]
    [InlineData("now", Now, Now)]
    [InlineData("now+1d", "2024-02-29T13:45:50.123Z", "2024-02-29T13:45:50.123Z")]
    [InlineData("now-d", "2024-02-27T13:45:50.123Z", "2024-02-27T13:45:50.123Z")]
    [InlineData("now/y", "2024-01-01T00:00:00.000Z", "2024-12-31T23:59:59.999Z")]
    [InlineData("now/M", "2024-02-01T00:00:00.000Z", "2024-02-29T23:59:59.999Z")]
    [InlineData("now/w", "2024-02-26T00:00:00.000Z", "2024-03-03T23:59:59.999Z")]
    [InlineData("now/d", "2024-02-28T00:00:00.000Z", "2024-02-28T23:59:59.999Z")]
    [InlineData("now/h", "2024-02-28T13:00:00.000Z", "2024-02-28T13:59:59.999Z")]
    [InlineData("now/H", "2024-02-28T13:00:00.000Z", "2024-02-28T13:59:59.999Z")]
    [InlineData("now/m", "2024-02-28T13:45:00.000Z", "2024-02-28T13:45:59.999Z")]
    [InlineData("now/s", "2024-02-28T13:45:50.000Z", "2024-02-28T13:45:50.999Z")]
    [InlineData("now-1M/M+2h", "2024-01-01T02:00:00.000Z", "2024-02-01T01:59:59.999Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00.000Z", "2024-02-29T23:59:59.999Z")]
    [InlineData("2024-02-29T10:11", "2024-02-29T10:11:00.000Z", "2024-02-29T10:11:59.999Z")]
    [InlineData("2024-02-29T10:11:12Z", "2024-02-29T10:11:12.000Z", "2024-02-29T10:11:12.999Z")]
    [InlineData("2024-02-29T10:11:12.5+01:00", "2024-02-29T09:11:12.500Z", "2024-02-29T09:11:12.500Z")]
    [InlineData("2024-02-29||+1y", "2025-02-28T00:00:00.000Z", "2025-02-28T23:59:59.999Z")]
    [InlineData("1709128000000||/d", "2024-02-28T00:00:00.000Z", "2024-02-28T23:59:59.999Z")]
    public void Parse_DateMath_GivesFirstAndLast(string text, string first, string last) => Assert.Equal(
        (Millis(first), Millis(last)),
        (DateMath.Parse(text, Millis(Now), roundsUp: false), DateMath.Parse(text, Millis(Now), roundsUp: true)));

    [Theory]
    [InlineData("5", 5)]
    [InlineData("-5", -5)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("now+999999y", long.MaxValue)]
    [InlineData("now-999999y", long.MinValue)]
    [InlineData("9999-12-31||/y", 253370764800000)]
    public void Parse_FarAway_GivesANumber(string text, long expected) =>
        Assert.Equal(expected, DateMath.Parse(text, Millis(Now), roundsUp: false));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("now+")]
    [InlineData("now+1x")]
    [InlineData("now/2d")]
    [InlineData("now||/d")]
    [InlineData("2024-02-30")]
    [InlineData("2024-02-28/d")]
    [InlineData("2024-02-28T25:00")]
    [InlineData("9223372036854775808")]
    [InlineData("9999999999999999999||/d")]
    public void Parse_SomethingElse_GivesNone(string text) => Assert.Null(DateMath.Parse(text, 0, roundsUp: false));

    private static long Millis(string date) =>
        DateTimeOffset.Parse(date, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
