using MlCluster.Compose.Reading;
using MlCluster.Compose.Running;

namespace MlCluster.Compose.Tests.Running;

public sealed class HealthStateTests
{
    private static readonly HealthCheck Check = new(["c"]) { Retries = 2, StartPeriod = TimeSpan.FromSeconds(10) };

    [Fact]
    public void Next_FailuresInTheStartPeriod_DoNotCount()
    {
        var state = After(HealthState.Initial, (false, 1), (false, 2), (false, 9));

        Assert.Equal(HealthState.Initial, state);
    }

    [Fact]
    public void Next_AsManyFailuresAsRetries_IsUnhealthy()
    {
        Assert.Equal(ReplicaHealth.Starting, After(HealthState.Initial, (false, 11)).Health);
        Assert.Equal(ReplicaHealth.Unhealthy, After(HealthState.Initial, (false, 11), (false, 12)).Health);
    }

    [Fact]
    public void Next_HealthyOnce_EndsTheStartPeriod()
    {
        Assert.Equal(ReplicaHealth.Healthy, After(HealthState.Initial, (true, 1), (false, 2)).Health);
        Assert.Equal(ReplicaHealth.Unhealthy, After(HealthState.Initial, (true, 1), (false, 2), (false, 3)).Health);
    }

    [Fact]
    public void Next_Passed_ForgetsFailures()
    {
        var state = After(HealthState.Initial, (false, 11), (false, 12), (true, 13));

        Assert.Equal(new HealthState(ReplicaHealth.Healthy, 0), state);
    }

    private static HealthState After(HealthState state, params (bool Passed, int Second)[] checks) =>
        checks.Aggregate(state, (s, c) => s.Next(Check, c.Passed, TimeSpan.FromSeconds(c.Second)));
}
