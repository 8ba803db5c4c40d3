using System.Diagnostics;
using System.Globalization;

namespace MlCluster.Load.Node;

/// <summary>A node in a process of its own, with its own data folder; killed at the end.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    // What /proc/PID/clear_refs takes for it.
    private const string PeakOfResident = "5";

    private readonly Process _process;
    private readonly TextWriter _log;
    private readonly string _folder;

    private NodeProcess(Process process, TextWriter log, string folder, Uri address)
    {
        _process = process;
        _log = log;
        _folder = folder;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Starts a node on a free port of the loopback device and waits until it is ready.</summary>
    /// <param name="name">Of its folder below the work folder.</param>
    /// <param name="core">The only core that it may use; null: all.</param>
    /// <param name="further">Further options of the node.</param>
    public static async Task<NodeProcess> StartAsync(
        LoadOptions options, string name, int? core = null, params string[] further)
    {
        var folder = Directory.CreateDirectory(Path.Combine(options.Work, name)).FullName;
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        string[] command = core is { } one
            ? ["taskset", "-c", one.ToString(CultureInfo.InvariantCulture), "dotnet"]
            : ["dotnet"];
        var start = new ProcessStartInfo(command[0])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            .. command[1..], options.Node, "--http", address.ToString(), "--data", DataFolder(folder),
            "--allow-files", Path.GetDirectoryName(options.Archive)!, "--allow-files", options.Work, .. further,
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        var log = TextWriter.Synchronized(new StreamWriter(Path.Combine(folder, "node.log")) { AutoFlush = true });
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => log.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => log.WriteLine(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var node = new NodeProcess(process, log, folder, address);
        try
        {
            await node.WaitUntilReadyAsync();
            return node;
        }
        catch (LoadException)
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Resident memory now, in bytes.</summary>
    public long ResidentBytes() => StatusBytes("VmRSS:");

    /// <summary>Most resident memory since the start, or since <see cref="ForgetPeak"/>, in bytes.</summary>
    public long PeakResidentBytes() => StatusBytes("VmHWM:");

    /// <summary>Has the peak begin anew at what is resident now.</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{_process.Id}/clear_refs", PeakOfResident);

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();

        await _process.WaitForExitAsync();
        _process.Dispose();
        await _log.DisposeAsync();
        if (Directory.Exists(DataFolder(_folder)))
        {
            Directory.Delete(DataFolder(_folder), recursive: true);
        }
    }

    private static string DataFolder(string folder) => Path.Combine(folder, "data");

    private async Task WaitUntilReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var timer = new PeriodicTimer(Poll);
        var clock = Stopwatch.StartNew();
        while (!await IsReadyAsync(http))
        {
            if (_process.HasExited || clock.Elapsed > StartDeadline)
            {
                throw new LoadException(
                    $"the node was not ready within {StartDeadline}: see {Path.Combine(_folder, "node.log")}");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private long StatusBytes(string key)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status")
            .First(l => l.StartsWith(key, StringComparison.Ordinal));
        var kilobytes = line[key.Length..].Replace("kB", "", StringComparison.Ordinal);
        return 1024 * long.Parse(kilobytes, CultureInfo.InvariantCulture);
    }

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
