using System.ComponentModel;
using System.Diagnostics;

namespace MlCluster.Compose.Processes;

/// <summary>A process with all that it starts: a session of its own, which ends with it as a container does.</summary>
internal sealed class ManagedProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ManagedProcess(Process process, Action<string> onLine)
    {
        (_process, Id) = (process, process.Id);
        Ended = EndAsync(onLine);
    }

    /// <summary>Process id, for /proc.</summary>
    public int Id { get; }

    /// <summary>Its exit code when it has ended and everything that it printed has been read.</summary>
    public Task<int> Ended { get; }

    /// <summary>Starts it.</summary>
    /// <param name="spec">What to start.</param>
    /// <param name="onLine">Told of each line that it prints, from several threads.</param>
    /// <exception cref="ComposeException">No process can be started.</exception>
    public static ManagedProcess Start(ProcessSpec spec, Action<string>? onLine = null)
    {
        var process = new Process { StartInfo = StartInfo(spec) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new ComposeException($"[{process.StartInfo.FileName}] of util-linux does not start: {e.Message}", e);
        }

        return new ManagedProcess(process, onLine ?? (_ => { }));
    }

    /// <summary>Sends a signal to the process alone, as an engine stops a container.</summary>
    /// <returns>False: it has ended.</returns>
    public bool Signal(UnixSignal signal) => !_exited.Task.IsCompleted && UnixSignals.Send(Id, signal);

    /// <summary>Sends a signal to the process and all that it has started.</summary>
    /// <returns>False: all have ended.</returns>
    public bool SignalAll(UnixSignal signal) => !_exited.Task.IsCompleted && UnixSignals.Send(-Id, signal);

    /// <summary>Kills it if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        SignalAll(UnixSignal.Kill);
        await Ended;
        _process.Dispose();
    }

    // setsid: Ctrl-C at a terminal reaches this program alone, which then stops the others in order.
    private static ProcessStartInfo StartInfo(ProcessSpec spec)
    {
        var start = new ProcessStartInfo("setsid", spec.Command)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = spec.Folder,
        };
        start.Environment.Clear();
        foreach (var (name, value) in spec.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private async Task<int> EndAsync(Action<string> onLine)
    {
        _process.OutputDataReceived += Take;
        _process.ErrorDataReceived += Take;
        _process.Exited += (_, _) => _exited.TrySetResult();
        _process.EnableRaisingEvents = true;
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await _exited.Task;
        // What it left behind would keep its output open, and its place taken.
        UnixSignals.Send(-Id, UnixSignal.Kill);
        await _process.WaitForExitAsync();
        return _process.ExitCode;

        void Take(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is { } text)
            {
                onLine(text);
            }
        }
    }
}
