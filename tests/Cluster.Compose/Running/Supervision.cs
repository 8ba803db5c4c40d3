using MlCluster.Compose.Planning;
using MlCluster.Compose.Processes;
using MlCluster.Compose.Reading;

namespace MlCluster.Compose.Running;

/// <summary>Keeps one replica running, by its restart policy, until it is stopped.</summary>
internal sealed class Supervision
{
    private readonly ReplicaPlan _plan;
    private readonly Action<string> _log;
    private readonly Action<Func<ReplicaStatus, ReplicaStatus>> _change;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private UnixSignal _endSignal;
    private ManagedProcess? _process;
    private volatile bool _gaveUp;

    public Supervision(
        ReplicaPlan plan, Action<string> log, Action<Func<ReplicaStatus, ReplicaStatus>> change, TimeProvider time)
    {
        (_plan, _log, _change, _time, _endSignal) = (plan, log, change, time, plan.StopSignal);
        _run = Task.Run(RunAsync);
    }

    /// <summary>True: its process has ended and is not started again.</summary>
    public bool GaveUp => _gaveUp;

    /// <returns>False: it does not run.</returns>
    public bool Signal(UnixSignal signal) => (Volatile.Read(ref _process), signal) switch
    {
        (null, _) => false,
        (var process, UnixSignal.Terminate or UnixSignal.Interrupt) => process.Signal(signal),
        var (process, _) => process.SignalAll(signal),
    };

    /// <summary>Ends it by its stop signal, after the grace period by SIGKILL.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    /// <summary>Ends it at once.</summary>
    public Task KillAsync()
    {
        _endSignal = UnixSignal.Kill;
        return StopAsync();
    }

    private async Task RunAsync()
    {
        var restarts = 0;
        while (!_stop.IsCancellationRequested)
        {
            var started = _time.GetTimestamp();
            var exitCode = await RunOnceAsync();
            restarts = _time.GetElapsedTime(started) >= RestartPolicy.Settled ? 0 : restarts;
            _gaveUp = _stop.IsCancellationRequested || !_plan.Service.Restart.StartsAgain(exitCode, restarts);
            _change(s => s with { ProcessId = null, Health = ReplicaHealth.Down, LastExitCode = exitCode });
            if (_gaveUp)
            {
                return;
            }

            _log($"[compose] ended with {exitCode}, starts again");
            await Task.Delay(RestartPolicy.Delay(restarts++), _time, _stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> RunOnceAsync()
    {
        await using var process = ManagedProcess.Start(_plan.Process, _log);
        using var ended = new CancellationTokenSource();
        Volatile.Write(ref _process, process);
        _change(s => s with { ProcessId = process.Id, Health = ReplicaHealth.Starting, Starts = s.Starts + 1 });
        var health = new HealthMonitor(_plan, _time).RunAsync(h => _change(s => s with { Health = h }), ended.Token);
        var exitCode = await EndAsync(process);
        Volatile.Write(ref _process, null);
        await ended.CancelAsync();
        await health;
        return exitCode;
    }

    private async Task<int> EndAsync(ManagedProcess process)
    {
        await ((Task)process.Ended).WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (process.Ended.IsCompleted)
        {
            return await process.Ended;
        }

        Signal(_endSignal);
        // One that stands still is asked to end all the same.
        process.SignalAll(UnixSignal.Continue);
        try
        {
            return await process.Ended.WaitAsync(_plan.Service.StopGracePeriod, _time);
        }
        catch (TimeoutException)
        {
            _log($"[compose] did not stop within {_plan.Service.StopGracePeriod}: killed");
            process.SignalAll(UnixSignal.Kill);
            return await process.Ended;
        }
    }
}
