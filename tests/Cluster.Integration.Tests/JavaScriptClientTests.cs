using System.Diagnostics;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>The OpenSearch JavaScript client, unchanged, against real nodes: <c>tests/javascript-client</c>.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class JavaScriptClientTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly string[] Files = ["--allow-files", Path.Combine(Repository.Root, "tests", "archives")];

    private readonly string _suite = Path.Combine(Repository.Root, "tests", "javascript-client");
    private readonly TemporaryFolder _data = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        _data.Dispose();
        return Task.CompletedTask;
    }

    [SkippableFact]
    public async Task Suite_OneNode_Passes()
    {
        SkipWithoutClient();
        await using var node = await NodeProcess.StartAsync(_data.Path, Files);

        await AssertPassesAsync(node);
    }

    /// <summary>The client sends each request to another gateway than the one before.</summary>
    [SkippableFact]
    public async Task Suite_ThreeNodes_Passes()
    {
        SkipWithoutClient();
        string[] roles = ["data,ml,gateway", "data,ml,gateway", "data,ml,gateway"];
        await using var group = await NodeGroup.StartAsync(postgres.Server.NewDatabase(), roles, Files);

        await AssertPassesAsync([.. group.Nodes]);
    }

    private void SkipWithoutClient() => Skip.IfNot(
        Directory.Exists(Path.Combine(_suite, "node_modules")),
        "needs the JavaScript client: npm ci --prefix tests/javascript-client (package npm)");

    private async Task AssertPassesAsync(params NodeProcess[] nodes)
    {
        var gateways = string.Join(',', nodes.Select(n => n.Http.BaseAddress!.AbsoluteUri.TrimEnd('/')));

        var (exitCode, output) = await RunSuiteAsync(gateways);

        Assert.True(exitCode == 0 && output.Contains("# fail 0", StringComparison.Ordinal), output);
    }

    private async Task<(int ExitCode, string Output)> RunSuiteAsync(string gateways)
    {
        using var suite = Process.Start(new ProcessStartInfo("npm", ["test", "--silent"])
        {
            WorkingDirectory = _suite,
            UseShellExecute = false,
            Environment = { ["MLCLUSTER_URL"] = gateways },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            var output = suite.StandardOutput.ReadToEndAsync(limit.Token);
            var complaints = suite.StandardError.ReadToEndAsync(limit.Token);
            await suite.WaitForExitAsync(limit.Token);
            return (suite.ExitCode, await output + await complaints);
        }
        catch (OperationCanceledException late)
        {
            suite.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"the JavaScript suite did not end within {Patience.TotalMinutes} minutes", late);
        }
    }
}
