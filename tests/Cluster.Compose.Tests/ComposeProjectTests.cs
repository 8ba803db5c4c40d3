using System.Net;
using System.Net.Sockets;
using MlCluster.Compose.Tests.Support;

namespace MlCluster.Compose.Tests;

/// <summary>Real processes, but shells.</summary>
public sealed class ComposeProjectTests
{
    private const int Killed = 128 + 9;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // Says when it is there and when it is told to go; the shell waits in a way that signals end.
    private const string Polite = "trap 'echo bye; exit 0' TERM; echo hello; while :; do sleep 1000 & wait $$!; done";

    [Fact]
    public async Task Kill_BySignal_StartsAgainByThePolicy()
    {
        using var files = new ShellProject(One("unless-stopped", Polite));
        await using var project = files.Open();
        await project.StartAsync();
        var replica = project["s-1"];
        await replica.WaitAsync(s => s.ProcessId is not null, "runs", Deadline);

        Assert.True(replica.Signal(UnixSignal.Kill));

        var status = await replica.WaitAsync(s => s is { Starts: 2, ProcessId: not null }, "runs again", Deadline);
        Assert.Equal(Killed, status.LastExitCode);
    }

    [Fact]
    public async Task KillAsync_UntilStarted_StaysDown()
    {
        using var files = new ShellProject(One("always", Polite));
        await using var project = files.Open();
        await project.StartAsync();
        var replica = project["s-1"];
        await replica.WaitUntilHealthyAsync(Deadline);

        Assert.Equal(Killed, await replica.KillAsync());
        Assert.Equal(new ReplicaStatus(null, ReplicaHealth.Down, 1, Killed), replica.Status);

        await replica.StartAsync();
        await replica.WaitAsync(s => s is { Starts: 2, ProcessId: not null }, "runs again", Deadline);
    }

    [Fact]
    public async Task StartAsync_EndedWithoutPolicy_RunsAgain()
    {
        using var files = new ShellProject(One("no", "exit 7"));
        await using var project = files.Open();
        await project.StartAsync();
        var replica = project["s-1"];
        await replica.WaitAsync(s => s.LastExitCode == 7, "ended", Deadline);

        await replica.StartAsync();

        await replica.WaitAsync(s => s is { Starts: 2, LastExitCode: 7 }, "ended again", Deadline);
    }

    [Fact]
    public async Task StartAsync_AddressOnWhichAnotherProcessListens_IsRefused()
    {
        using var files = new ShellProject(One("always", Polite));
        await using var project = files.Open();
        using var foreign = new TcpListener(IPAddress.Parse(project["s-1"].Address), 0);
        foreign.Start();

        var e = await Assert.ThrowsAsync<ComposeException>(project.StartAsync);

        Assert.Contains($"listens on {foreign.LocalEndpoint}", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, project["s-1"].Status.Starts);
    }

    [Fact]
    public async Task StopAsync_WithDependents_StopsThemFirst()
    {
        using var files = new ShellProject(
            $$"""
            services:
              low: { build: { target: shell }, command: ["{{Polite}}"] }
              high: { build: { target: shell }, command: ["{{Polite}}"], depends_on: [low] }
            """);
        var ends = new List<string>();
        await using var project = ComposeProject.Open(files.Options with { OnLine = Note });
        await project.StartAsync();
        await Task.WhenAll(project.Replicas.Select(r => r.WaitUntilPrintedAsync("hello", Deadline)));

        await project.StopAsync();

        Assert.Equal(["high-1", "low-1"], ends);
        Assert.Equal([0, 0], project.Replicas.Select(r => r.Status.LastExitCode));

        void Note(string replica, string line)
        {
            if (line == "bye")
            {
                ends.Add(replica);
            }
        }
    }

    [Fact]
    public async Task StopAsync_DeafProcess_IsKilledAfterTheGracePeriod()
    {
        using var files = new ShellProject(One("always", "trap '' TERM; echo hello; while :; do sleep 0.1; done"));
        await using var project = files.Open();
        await project.StartAsync();
        await project["s-1"].WaitUntilPrintedAsync("hello", Deadline);

        Assert.Equal(Killed, await project["s-1"].StopAsync());
    }

    [Fact]
    public async Task ScaleAsync_MoreAndFewer_AddsAndRemovesTheLast()
    {
        using var files = new ShellProject(One("always", Polite));
        await using var project = files.Open();
        await project.StartAsync();

        await project.ScaleAsync("s", 3);
        Assert.Equal(["s-1", "s-2", "s-3"], project.Of("s").Select(r => r.Name));
        await project.WaitUntilHealthyAsync(Deadline);

        await project.ScaleAsync("s", 1);
        Assert.Equal(["s-1"], project.Replicas.Select(r => r.Name));
    }

    [Fact]
    public async Task WaitUntilHealthyAsync_DependencyNeverHealthy_SaysWhoAndWhatItPrinted()
    {
        using var files = new ShellProject(
            """
            services:
              low:
                build: { target: shell }
                command: ["echo my last words; exec sleep 1000"]
                healthcheck: { test: ["CMD", "false"], start_period: 1h }
              high:
                build: { target: shell }
                command: ["exec sleep 1000"]
                depends_on: { low: { condition: service_healthy } }
            """);
        await using var project = ComposeProject.Open(files.Options with { StartDeadline = TimeSpan.FromSeconds(3) });

        var e = await Assert.ThrowsAsync<TimeoutException>(project.StartAsync);

        Assert.Contains("low-1 is healthy", e.Message, StringComparison.Ordinal);
        Assert.Contains("my last words", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, project["high-1"].Status.Starts);
    }

    private static string One(string restart, string command) =>
        $$"""
        services:
          s:
            build: { target: shell }
            command: ["{{command}}"]
            restart: "{{restart}}"
            stop_grace_period: 1s
        """;
}
