using System.Diagnostics;
using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>The OpenSearch JavaScript client, unchanged, against a real node: <c>tests/javascript-client</c>.</summary>
public sealed class JavaScriptClientTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _suite = Path.Combine(Repository.Root, "tests", "javascript-client");
    private readonly TemporaryFolder _data = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        _data.Dispose();
        return Task.CompletedTask;
    }

    [SkippableFact]
    public async Task Suite_AllOfIt_Passes()
    {
        Skip.IfNot(
            Directory.Exists(Path.Combine(_suite, "node_modules")),
            "needs the JavaScript client: npm ci --prefix tests/javascript-client (package npm)");
        await using var node = await NodeProcess.StartAsync(
            _data.Path, "--allow-files", Path.Combine(Repository.Root, "tests", "archives"));

        var (exitCode, output) = await RunSuiteAsync(node.Http.BaseAddress!);

        Assert.True(exitCode == 0 && output.Contains("# fail 0", StringComparison.Ordinal), output);
    }

    private async Task<(int ExitCode, string Output)> RunSuiteAsync(Uri node)
    {
        using var suite = Process.Start(new ProcessStartInfo("npm", ["test", "--silent"])
        {
            WorkingDirectory = _suite,
            UseShellExecute = false,
            Environment = { ["MLCLUSTER_URL"] = node.AbsoluteUri.TrimEnd('/') },
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
