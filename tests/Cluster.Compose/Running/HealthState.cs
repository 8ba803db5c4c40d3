using MlCluster.Compose.Reading;

namespace MlCluster.Compose.Running;

/// <summary>Health and what led to it.</summary>
/// <param name="Health">So far.</param>
/// <param name="Failures">In a row.</param>
internal sealed record HealthState(ReplicaHealth Health, int Failures)
{
    public static HealthState Initial { get; } = new(ReplicaHealth.Starting, 0);

    /// <summary>State after a check.</summary>
    /// <param name="check">The rule.</param>
    /// <param name="passed">Its result.</param>
    /// <param name="age">How long the process has run.</param>
    public HealthState Next(HealthCheck check, bool passed, TimeSpan age)
    {
        if (passed)
        {
            return new HealthState(ReplicaHealth.Healthy, 0);
        }

        if (Health == ReplicaHealth.Starting && age < check.StartPeriod)
        {
            return this;
        }

        var failures = Failures + 1;
        return new HealthState(failures >= check.Retries ? ReplicaHealth.Unhealthy : Health, failures);
    }
}
