using System.Net.NetworkInformation;
using MlCluster.Compose.Planning;
using MlCluster.Compose.Running;

namespace MlCluster.Compose;

/// <summary>One container of a service as a local process, started again when it ends by itself.</summary>
public sealed class ComposeReplica
{
    private readonly ReplicaPlan _plan;
    private readonly ReplicaLog _log;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = NewSignal();
    private Supervision? _supervision;

    internal ComposeReplica(ReplicaPlan plan, ReplicaLog log, TimeProvider time) =>
        (_plan, _log, _time) = (plan, log, time);

    /// <summary>Such as <c>ml-2</c>; <c>data-1</c> where the service has a host name.</summary>
    public string Name => _plan.Name;

    /// <summary>Its service.</summary>
    public string Service => _plan.Service.Name;

    /// <summary>Loopback address of its own, on which it listens at its container's ports.</summary>
    public string Address => _plan.Address;

    /// <summary>Where a node answers: health on each, REST on a gateway; null: it is no node.</summary>
    public Uri? Rest => _plan.Process.Environment.TryGetValue("MLCLUSTER_HTTP", out var http) ? new Uri(http) : null;

    /// <summary>Connection string of a node's database as this machine reaches it; null: it has none.</summary>
    public string? Database => _plan.Process.Environment.GetValueOrDefault("MLCLUSTER_DB");

    /// <summary>True: its ports are for clients, such as a gateway's.</summary>
    public bool Publishes => _plan.Service.Ports.Count > 0;

    /// <summary>File with everything that it has printed.</summary>
    public string LogFile => _log.Path;

    /// <summary>Folders by path in the container.</summary>
    public IReadOnlyDictionary<string, string> Folders => _plan.Folders;

    /// <summary>What was replaced to run it here, a line each.</summary>
    public IReadOnlyList<string> Replaced => _plan.Replaced;

    /// <summary>How it is now.</summary>
    public ReplicaStatus Status { get; private set; } = new(null, ReplicaHealth.Down, 0, null);

    /// <summary>Starts it, unless it runs.</summary>
    /// <exception cref="ComposeException">Another process listens on its address, or what the image does before its
    /// program runs did not succeed.</exception>
    public async Task StartAsync()
    {
        if (Status.ProcessId is null)
        {
            RefuseForeignListener();
        }

        foreach (var folder in _plan.Folders.Values)
        {
            Directory.CreateDirectory(folder);
        }

        await _plan.PrepareAsync();
        lock (_gate)
        {
            if (_supervision is null or { GaveUp: true })
            {
                _supervision = new Supervision(_plan, _log.Write, Change, _time);
            }
        }
    }

    /// <summary>Stops it until it is started: its stop signal, SIGKILL after the grace period.</summary>
    /// <returns>Exit code; null when it never ran.</returns>
    public Task<int?> StopAsync() => EndAsync(s => s.StopAsync());

    /// <summary>SIGKILL to it and all that it has started; it stays down until it is started.</summary>
    /// <returns>Exit code; null when it never ran.</returns>
    public Task<int?> KillAsync() => EndAsync(s => s.KillAsync());

    /// <summary>
    /// Sends a signal to its process and all that it has started (SIGTERM and SIGINT: to the process alone, as an
    /// engine does). What ends by it is started again by the restart policy.
    /// </summary>
    /// <returns>False: it does not run.</returns>
    public bool Signal(UnixSignal signal)
    {
        lock (_gate)
        {
            return _supervision?.Signal(signal) ?? false;
        }
    }

    /// <summary>Waits until its health check passes.</summary>
    /// <exception cref="TimeoutException">It did not.</exception>
    public Task<ReplicaStatus> WaitUntilHealthyAsync(
        TimeSpan deadline, CancellationToken cancellationToken = default) =>
        WaitAsync(s => s.Health == ReplicaHealth.Healthy, "is healthy", deadline, cancellationToken);

    /// <summary>Waits until its status is as wanted.</summary>
    /// <param name="wanted">The condition.</param>
    /// <param name="awaited">The condition in words, for the complaint.</param>
    /// <param name="deadline">Longest wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It was not; says how it was and what it printed last.</exception>
    public async Task<ReplicaStatus> WaitAsync(
        Func<ReplicaStatus, bool> wanted,
        string awaited,
        TimeSpan deadline,
        CancellationToken cancellationToken = default)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            var status = Status;
            if (wanted(status))
            {
                return status;
            }

            var left = deadline - _time.GetElapsedTime(started);
            try
            {
                await changed.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, cancellationToken);
            }
            catch (TimeoutException e)
            {
                throw Late(awaited, deadline, e);
            }
        }
    }

    /// <summary>Waits until it has printed the text, now or earlier.</summary>
    /// <exception cref="TimeoutException">It has not; says how it is and what it printed last.</exception>
    public async Task WaitUntilPrintedAsync(string text, TimeSpan deadline)
    {
        try
        {
            await _log.PrintedAsync(text).WaitAsync(deadline, _time);
        }
        catch (TimeoutException e)
        {
            throw Late($"prints [{text}]", deadline, e);
        }
    }

    // What an earlier run left behind, a database above all, would be taken for this run's own.
    private void RefuseForeignListener()
    {
        var listener = Array.Find(
            IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners(), l => l.Address.ToString() == Address);
        if (listener is not null)
        {
            throw new ComposeException(
                $"{Name} is to listen on {Address}, and a process that is not of this run listens on {listener}: "
                + $"end it (ss -tlnp src {Address} says who it is), or run on other addresses with --network");
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TimeoutException Late(string awaited, TimeSpan deadline, TimeoutException inner) =>
        new($"awaited within {deadline}: {Name} {awaited}; {Status}; it printed last:\n{_log.Tail()}", inner);

    private async Task<int?> EndAsync(Func<Supervision, Task> end)
    {
        Supervision? supervision;
        lock (_gate)
        {
            (supervision, _supervision) = (_supervision, null);
        }

        if (supervision is not null)
        {
            await end(supervision);
        }

        return Status.LastExitCode;
    }

    private void Change(Func<ReplicaStatus, ReplicaStatus> change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            Status = change(Status);
            changed = _changed;
            Volatile.Write(ref _changed, NewSignal());
        }

        changed.TrySetResult();
    }
}
