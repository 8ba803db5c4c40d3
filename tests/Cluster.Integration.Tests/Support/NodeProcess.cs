using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MlCluster.Integration.Tests.Support;

/// <summary>A real node process on a loopback address of its own, killed for sure at the end.</summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;
    private Action _printed = () => { };

    private NodeProcess(Process process, Uri address)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(120) };
    }

    /// <summary>Client of this node's REST address.</summary>
    public HttpClient Http { get; }

    /// <summary>Process id, for signals and for /proc.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Everything it has printed so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>A loopback address that no other test uses.</summary>
    public static string NewAddress() =>
        $"127.{Random.Shared.Next(16, 200)}.{Random.Shared.Next(1, 255)}.{Random.Shared.Next(1, 255)}";

    /// <summary>Starts a node and waits until it says that it is ready.</summary>
    public static async Task<NodeProcess> StartAsync(string dataFolder, params string[] options)
    {
        var node = Launch(dataFolder, options);
        try
        {
            await node.WaitUntilReadyAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a node and returns at once.</summary>
    public static NodeProcess Launch(string dataFolder, params string[] options)
    {
        var host = NewAddress();
        return Launch(new NodePlace([], host, host), dataFolder, options);
    }

    /// <summary>Starts a node somewhere and returns at once.</summary>
    public static NodeProcess Launch(NodePlace place, string dataFolder, params string[] options)
    {
        string[] command =
        [
            .. place.Command, "dotnet", Path.Combine(AppContext.BaseDirectory, "Cluster.Node.dll"),
            "--data", dataFolder, "--http", $"http://{place.HttpHost}:9200", "--host", place.ClusterHost, .. options,
        ];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = new Process { StartInfo = start };
        var node = new NodeProcess(process, new Uri($"http://{place.HttpHost}:9200"));
        process.OutputDataReceived += (_, line) => node.Take(line.Data);
        process.ErrorDataReceived += (_, line) => node.Take(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return node;
    }

    /// <summary>Waits for the line that says so, or fails with everything printed.</summary>
    public async Task WaitUntilReadyAsync()
    {
        var ended = _process.WaitForExitAsync();
        var first = await Task.WhenAny(_ready.Task, ended, DeadlineAsync(StartDeadline));
        Assert.True(first == _ready.Task, $"awaited: the node says that it is ready. It printed:\n{Output}");
    }

    /// <summary>Waits until it has printed the text, or fails with everything printed.</summary>
    public async Task WaitUntilPrintedAsync(string text)
    {
        var printed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _printed += () =>
        {
            if (Output.Contains(text, StringComparison.Ordinal))
            {
                printed.TrySetResult();
            }
        };
        _printed();
        var first = await Task.WhenAny(printed.Task, DeadlineAsync(StartDeadline));
        Assert.True(first == printed.Task, $"awaited: the node prints [{text}]. It printed:\n{Output}");
    }

    /// <summary>SIGKILL, as a crash: nothing is flushed, nothing says goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>SIGTERM, as an operator: drains and gives its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        const int sigterm = 15;
        Assert.Equal(0, Signal(_process.Id, sigterm));
        return await ExitAsync();
    }

    /// <summary>SIGSTOP: it is there and does nothing until it is resumed.</summary>
    public void Pause()
    {
        const int sigstop = 19;
        Assert.Equal(0, Signal(_process.Id, sigstop));
    }

    /// <summary>SIGCONT, after <see cref="Pause"/>.</summary>
    public void Resume()
    {
        const int sigcont = 18;
        Assert.Equal(0, Signal(_process.Id, sigcont));
    }

    /// <summary>Waits for the end of the process and gives its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        var ended = _process.WaitForExitAsync();
        Assert.True(
            await Task.WhenAny(ended, DeadlineAsync(StopDeadline)) == ended,
            $"awaited: the process ends. It printed:\n{Output}");
        return _process.ExitCode;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        Http.Dispose();
        _process.Dispose();
    }

    private static Task DeadlineAsync(TimeSpan deadline) => Task.Delay(deadline);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int processId, int signal);

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        _printed();
        if (line.Contains("is ready", StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }
}
