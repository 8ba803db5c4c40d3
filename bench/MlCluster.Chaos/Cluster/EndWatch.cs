using System.Collections.Concurrent;
using System.Globalization;
using MlCluster.Compose;

namespace MlCluster.Chaos.Cluster;

/// <summary>Sees each end of a process, and tells those that nobody asked for.</summary>
/// <param name="disturbances">Told of those.</param>
/// <param name="log">Told of those.</param>
internal sealed class EndWatch(Disturbances disturbances, Action<string> log)
{
    private static readonly TimeSpan Forever = TimeSpan.FromDays(10);

    private readonly ConcurrentDictionary<int, byte> _asked = new();
    private readonly ConcurrentDictionary<int, byte> _stopped = new();
    private readonly ConcurrentQueue<string> _unasked = new();

    /// <summary>Ends of their own, a line each.</summary>
    public IReadOnlyList<string> Unasked => [.. _unasked];

    /// <summary>The process is told to end.</summary>
    public void Expect(int process) => _asked.TryAdd(process, 0);

    /// <summary>The process stands still for a while.</summary>
    public void Stopped(int process) => _stopped.TryAdd(process, 0);

    /// <summary>True: it was told to end.</summary>
    public bool IsExpected(int? process) => process is { } id && _asked.ContainsKey(id);

    /// <summary>Watches one replica.</summary>
    public async Task RunAsync(ComposeReplica replica, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                var running = await replica.WaitAsync(
                    s => s.ProcessId is not null, "runs", Forever, stop);
                var ended = await replica.WaitAsync(
                    s => s.ProcessId != running.ProcessId, "ends", Forever, stop);
                Note(replica.Name, running.ProcessId!.Value, ended.LastExitCode);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Note(string name, int process, int? exitCode)
    {
        if (_asked.ContainsKey(process))
        {
            return;
        }

        disturbances.Hit(name);
        var after = _stopped.ContainsKey(process) ? ", after it had been stopped" : "";
        var text = string.Create(CultureInfo.InvariantCulture, $"{name} ended with {exitCode}{after}");
        _unasked.Enqueue(text);
        log($"downed by itself: {text}");
    }
}
