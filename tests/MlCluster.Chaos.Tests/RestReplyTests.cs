using MlCluster.Chaos.Clients;

namespace MlCluster.Chaos.Tests;

public sealed class RestReplyTests
{
    private static readonly Attempt Answered = new("g", AttemptEnd.Answered, 200, "{}");
    private static readonly Attempt Refused = new("g", AttemptEnd.Refused, 0, "");
    private static readonly Attempt Broken = new("g", AttemptEnd.Broken, 0, "");
    private static readonly Attempt Unavailable = new("g", AttemptEnd.Busy, 503, "");
    private static readonly Attempt Full = new("g", AttemptEnd.Busy, 429, "");

    [Theory]
    [InlineData(200, false, nameof(AttemptEnd.Answered))]
    [InlineData(400, false, nameof(AttemptEnd.Answered))]
    [InlineData(503, true, nameof(AttemptEnd.Busy))]
    [InlineData(429, true, nameof(AttemptEnd.Busy))]
    [InlineData(503, false, nameof(AttemptEnd.Answered))]
    public void EndOf_Status_SaysWhetherToGoOn(int status, bool hasRetryAfter, string expected) =>
        Assert.Equal(expected, Attempt.EndOf(status, hasRetryAfter).ToString());

    [Fact]
    public void IsUnsure_AttemptWithoutAnswer_MayHaveHappened()
    {
        Assert.True(new RestReply([Broken, Answered]).IsUnsure);
        Assert.True(new RestReply([Unavailable, Answered]).IsUnsure);
        Assert.True(new RestReply([Refused, Broken]).IsUnsure);
        Assert.False(new RestReply([Refused, Full, Answered]).IsUnsure);
    }

    [Fact]
    public void Status_BudgetUsed_IsZero()
    {
        Assert.Equal(0, new RestReply([Refused, Unavailable]).Status);
        Assert.True(new RestReply([Refused, Unavailable]).WasPutOff);
        Assert.False(new RestReply([Refused, Broken]).WasPutOff);
    }
}
