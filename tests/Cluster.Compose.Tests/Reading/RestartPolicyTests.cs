using MlCluster.Compose.Reading;

namespace MlCluster.Compose.Tests.Reading;

public sealed class RestartPolicyTests
{
    [Theory]
    [InlineData("no", 1, 0, false)]
    [InlineData("always", 0, 1000, true)]
    [InlineData("unless-stopped", 137, 1000, true)]
    [InlineData("on-failure", 0, 0, false)]
    [InlineData("on-failure", 3, 0, true)]
    [InlineData("on-failure:2", 3, 1, true)]
    [InlineData("on-failure:2", 3, 2, false)]
    public void StartsAgain_ByPolicy_AsEnginesDo(string policy, int exitCode, int restarts, bool again) =>
        Assert.Equal(again, RestartPolicy.Parse(policy).StartsAgain(exitCode, restarts));

    [Fact]
    public void Delay_MoreAndMoreRestarts_DoublesUpToAMinute()
    {
        Assert.Equal(RestartPolicy.Delay(0) * 2, RestartPolicy.Delay(1));
        Assert.Equal(TimeSpan.FromMinutes(1), RestartPolicy.Delay(10));
        Assert.Equal(TimeSpan.FromMinutes(1), RestartPolicy.Delay(100_000));
    }
}
