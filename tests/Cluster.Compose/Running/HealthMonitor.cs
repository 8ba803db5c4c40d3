using MlCluster.Compose.Planning;
using MlCluster.Compose.Processes;

namespace MlCluster.Compose.Running;

/// <summary>Runs the health check of one process again and again.</summary>
internal sealed class HealthMonitor(ReplicaPlan plan, TimeProvider time)
{
    // Who waits for a start wants to know soon; engines have a setting for it that older ones refuse.
    private static readonly TimeSpan StartInterval = TimeSpan.FromSeconds(1);

    /// <summary>Checks until it is cancelled.</summary>
    /// <param name="told">Given each state.</param>
    /// <param name="cancellationToken">Cancelled when the process ends.</param>
    public async Task RunAsync(Action<ReplicaHealth> told, CancellationToken cancellationToken)
    {
        if (plan.Service.Health is not { } check || plan.HealthProcess is not { } command)
        {
            told(ReplicaHealth.Healthy);
            return;
        }

        var state = HealthState.Initial;
        var started = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            var passed = await CheckAsync(command, check.Timeout, cancellationToken);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            state = state.Next(check, passed, time.GetElapsedTime(started));
            told(state.Health);
            var pause = state.Health == ReplicaHealth.Starting && check.Interval > StartInterval
                ? StartInterval
                : check.Interval;
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> CheckAsync(ProcessSpec command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        await using var process = ManagedProcess.Start(command);
        try
        {
            return await process.Ended.WaitAsync(timeout, time, cancellationToken) == 0;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
