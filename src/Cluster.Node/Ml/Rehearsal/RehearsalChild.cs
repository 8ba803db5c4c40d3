using System.Diagnostics;

namespace MlCluster.Node.Ml.Rehearsal;

/// <summary>The process of one rehearsal, watched until it has ended.</summary>
internal sealed class RehearsalChild : IAsyncDisposable
{
    // The node's environment may hold secrets, such as the database's password.
    private static readonly string[] KeptVariables =
    [
        "PATH", "HOME", "LANG", "TMPDIR", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "DOTNET_ROOT", "DOTNET_ROOT_X64",
        "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT",
    ];

    // To give back gigabytes takes the kernel a while.
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Task<string> _lastWords;
    private long _baselineBytes;

    private RehearsalChild(Process process)
    {
        _process = process;
        _ = ChildOutput.ReadBaselineAsync(process.StandardOutput, b => Volatile.Write(ref _baselineBytes, b));
        _lastWords = ChildOutput.ReadTailAsync(process.StandardError);
    }

    public static RehearsalChild Start(NodeProgram program, string jobFile, string folder)
    {
        var start = new ProcessStartInfo(program.FileName, [.. program.Arguments, RehearseCommand.Name, jobFile])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var kept = KeptVariables.Where(start.Environment.ContainsKey).ToDictionary(k => k, k => start.Environment[k]);
        start.Environment.Clear();
        foreach (var (name, value) in kept)
        {
            start.Environment[name] = value;
        }

        // Rehearsals run on the CPU: a model that misbehaves takes no GPU along.
        start.Environment["CUDA_VISIBLE_DEVICES"] = "";
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return new RehearsalChild(Process.Start(start)!);
    }

    /// <summary>Waits for its end; kills it at its limits.</summary>
    /// <param name="memoryLimitBytes">Beyond the runtime's own.</param>
    public async Task<RehearsalEnd> WatchAsync(
        RehearsalOptions options, long memoryLimitBytes, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var poll = new PeriodicTimer(options.PollInterval, time);
        var exit = _process.WaitForExitAsync(cancellationToken);
        while (await Task.WhenAny(exit, poll.WaitForNextTickAsync(cancellationToken).AsTask()) != exit)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (time.GetElapsedTime(started) > options.Timeout)
            {
                return new RehearsalEnd.TimedOut(options.Timeout);
            }

            var limit = memoryLimitBytes + Volatile.Read(ref _baselineBytes);
            if (ProcessMemory.TryRead(_process.Id) is { } memory && memory.ResidentBytes > limit)
            {
                return new RehearsalEnd.TookTooMuchMemory(memoryLimitBytes);
            }
        }

        await exit;
        return new RehearsalEnd.Exited(_process.ExitCode, await _lastWords);
    }

    /// <summary>Leaves nothing running: what a killed process holds is free only when it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await AwaitExitAsync();
        }

        _process.Dispose();
    }

    // A process that is stuck in the kernel must not take the load along.
    private async Task AwaitExitAsync()
    {
        using var timeout = new CancellationTokenSource(ExitTimeout);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            // The kernel has its order; nothing is left to be done about it.
        }
    }
}
