using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MlCluster.Inference;
using MlCluster.Node.Ml;
using MlCluster.Node.Ml.Rehearsal;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.Rehearsal;

/// <summary>Real child processes with real and hostile models.</summary>
public sealed class RehearsalProcessTests : IDisposable
{
    private static readonly RehearsalOptions Generous = new(
        MaxConcurrent: 1,
        Timeout: TimeSpan.FromSeconds(60),
        MemoryPerFileByte: 4,
        MemoryBaseBytes: 1L << 30,
        PollInterval: TimeSpan.FromMilliseconds(20));

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("tiny-sentence-transformer", BatchingMode.Padded)]
    [InlineData("mask-ignored", BatchingMode.EqualLength)]
    [InlineData("one-row-only", BatchingMode.OneByOne)]
    [InlineData("writes-state", BatchingMode.Exclusive)]
    public async Task RehearseAsync_GoodModel_SaysWhatItAllows(string archive, BatchingMode batching)
    {
        var report = await RehearseAsync(archive, Generous);

        Assert.Equal(batching, report.Batching);
        Assert.NotEmpty(report.Outputs);
        Assert.Equal([archive], Directory.GetDirectories(_temp.FullName).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("never-returns")]
    [InlineData("never-returns-in-set-state")]
    public async Task RehearseAsync_NeverReturns_IsKilledAtTheDeadline(string archive)
    {
        var options = Generous with { Timeout = TimeSpan.FromSeconds(8) };

        var end = await Assert.ThrowsAsync<RehearsalInterruptedException>(() => RehearseAsync(archive, options));

        Assert.True(end.TimedOut);
        Assert.EndsWith("it ran longer than 8 s (mlcluster.ml.rehearsal.timeout)", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RehearseAsync_KilledByAnother_IsInterrupted()
    {
        var end = await Assert.ThrowsAsync<RehearsalInterruptedException>(
            () => RehearseAsync(Shell("kill -9 $$"), Generous));

        Assert.False(end.TimedOut);
        Assert.Contains("SIGKILL", end.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("allocates-in-forward")]
    [InlineData("allocates-in-set-state")]
    [InlineData("recurses-at-run-time")]
    public async Task RehearseAsync_AllocatesWithoutEnd_EndsAtTheMemoryLimit(string archive)
    {
        var options = Generous with { MemoryBaseBytes = 256 << 20 };

        // A busy machine may have less than the limit: then the system refuses first.
        Assert.Matches(
            @"it took more than \d+ bytes of memory \(|can't allocate memory", await RefusalAsync(archive, options));
    }

    [Theory]
    [InlineData("unknown-operator", "no_such_operator")]
    [InlineData("recurses", "method 'forward' is called recursively")]
    [InlineData("returns-no-tensor", "forward gave something other than tensors")]
    [InlineData("returns-dict-of-lists", "a dict that it gives must be Dict[str, Tensor]")]
    [InlineData("three-inputs", "export it so that it takes that alone")]
    [InlineData("other-keys", "KeyError: pixel_values")]
    public async Task RehearseAsync_BrokenModel_IsRefusedWithItsCause(string archive, string cause)
    {
        var reason = await RefusalAsync(archive, Generous);

        Assert.StartsWith("the model failed its rehearsal: ", reason, StringComparison.Ordinal);
        Assert.Contains(cause, reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RehearseAsync_Cancelled_LeavesNothingBehind()
    {
        using var cancel = new CancellationTokenSource();
        var shell = Shell($"sleep 600 & {WritePids}; wait");
        var rehearsing = RehearseAsync(shell, Generous, cancellationToken: cancel.Token);
        var pids = await PidsAsync();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rehearsing);
        AssertGone(pids[0]);
        await UntilAsync(() => HasEnded(pids[1]), "the child's own child has ended");
        Assert.Equal(["never-returns"], Directory.GetDirectories(_temp.FullName).Select(Path.GetFileName));
    }

    [Fact]
    public async Task RehearseAsync_Killed_ReturnsAfterTheProcessHasEnded()
    {
        // It takes the kernel a while to take so much memory back: who does not wait for that returns before.
        var pipe = Path.Combine(_temp.FullName, "pipe");
        var shell = Shell($"mkfifo '{pipe}'; yes > '{pipe}' & {WritePids}; exec tail -c 700M '{pipe}'");
        var options = Generous with { Timeout = TimeSpan.FromSeconds(3) };

        var end = await Assert.ThrowsAsync<RehearsalInterruptedException>(() => RehearseAsync(shell, options));

        AssertGone((await PidsAsync())[0]);
        Assert.EndsWith("it ran longer than 3 s (mlcluster.ml.rehearsal.timeout)", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RehearseAsync_FolderCannotBeDeleted_KeepsTheVerdictAndSaysSo()
    {
        var log = new CountingLog();
        var shell = Shell("""cd /; rm -r "$(dirname "$1")"; echo hostile >&2; exit 3""");

        var refusal = await Assert.ThrowsAsync<LoadRefusedException>(() => RehearseAsync(shell, Generous, log));

        Assert.EndsWith("its process ended with code 3: hostile", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, log.Warnings);
    }

    [Fact]
    public async Task Child_ParentIsGone_Ends()
    {
        var package = TestArchives.Unpack("never-returns", _temp.FullName);
        var job = Path.Combine(_temp.FullName, "job.json");
        var result = job + ".result";
        new RehearsalJob(package, new TorchRuntimeOptions(), 1L << 30, TimeSpan.FromMinutes(10), result).Write(job);
        var program = NodeProgram.Find();
        var start = new ProcessStartInfo(program.FileName, [.. program.Arguments, RehearseCommand.Name, job])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var child = Process.Start(start)!;

        // The first line comes when the runtime is up and the model is next.
        Assert.NotNull(await child.StandardOutput.ReadLineAsync());
        child.StandardInput.Close();

        await child.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

        // By the watch for its parent: neither by an end of its own nor by a signal.
        Assert.Equal((1, false), (child.ExitCode, File.Exists(result)));
    }

    private string PidFile => Path.Combine(_temp.FullName, "pids");

    /// <summary>Has a script say which process it is, and which it has started last.</summary>
    private string WritePids => $"echo $$ $! > '{PidFile}.new'; mv '{PidFile}.new' '{PidFile}'";

    private async Task<string[]> PidsAsync()
    {
        await UntilAsync(() => File.Exists(PidFile), "the child has begun");
        return (await File.ReadAllTextAsync(PidFile)).Trim().Split(' ');
    }

    private static async Task UntilAsync(Func<bool> condition, string awaited)
    {
        using var deadline = new CancellationTokenSource(Patience.Deadline);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"awaited within {Patience.Deadline}: {awaited}");
            await poll.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static void AssertGone(string pid) =>
        Assert.False(Directory.Exists($"/proc/{pid}"), $"process {pid} is still there");

    // Its parent is gone; where nobody takes in orphans, what is left of it stays listed as a zombie.
    private static bool HasEnded(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private async Task<string> RefusalAsync(string archive, RehearsalOptions options) =>
        (await Assert.ThrowsAsync<LoadRefusedException>(() => RehearseAsync(archive, options))).Message;

    private async Task<RehearsalReport> RehearseAsync(string archive, RehearsalOptions options)
    {
        using var process = new RehearsalProcess(
            options, new TorchRuntimeOptions(), NodeProgram.Find(), _temp.FullName, TimeProvider.System);
        return await process.RehearseAsync(TestArchives.Unpack(archive, _temp.FullName), CancellationToken.None);
    }

    /// <summary>Has a script stand for the child; its $1 is the job's file.</summary>
    private static NodeProgram Shell(string script) => new("/bin/sh", ["-c", script]);

    private async Task<RehearsalReport> RehearseAsync(
        NodeProgram program,
        RehearsalOptions options,
        ILogger? log = null,
        CancellationToken cancellationToken = default)
    {
        using var process = new RehearsalProcess(
            options, new TorchRuntimeOptions(), program, _temp.FullName, TimeProvider.System)
        {
            Log = log ?? NullLogger.Instance,
        };
        return await process.RehearseAsync(
            TestArchives.Unpack("never-returns", _temp.FullName), cancellationToken);
    }

    private sealed class CountingLog : ILogger
    {
        public int Warnings { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => Warnings += logLevel == LogLevel.Warning ? 1 : 0;
    }
}
