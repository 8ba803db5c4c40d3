using System.Globalization;
using System.Net;
using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>What a node says of itself while it starts, runs and stops.</summary>
public sealed class HealthTests : IDisposable
{
    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Node_FromStartToStop_AnswersHealthAndSaysThatItStops()
    {
        var folder = Path.Combine(_data.Path, "a \"quoted\" \\ folder");
        await using var node = await NodeProcess.StartAsync(folder, "--allow-files", "/no/such/folder");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, HttpMethod.Get, "/health/live"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, HttpMethod.Head, "/health/ready"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await StatusAsync(node, HttpMethod.Post, "/health/live"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(node, HttpMethod.Get, "/health/live/and/more"));
        Assert.True(File.Exists(Path.Combine(folder, "journal.db")));
        Assert.Contains("warning: --allow-files [/no/such/folder]", node.Output, StringComparison.Ordinal);

        Assert.Equal(0, await node.TerminateAsync());
        await node.WaitUntilPrintedAsync("stopped: node ");
        Assert.Matches("stopping: node .*\n(.*\n)*.*stopped: node .* after [0-9.]+ s", node.Output);
    }

    [Fact]
    public async Task Ready_EngineThatCannotLoad_IsNotReadyAndSaysWhy()
    {
        var empty = Directory.CreateDirectory(Path.Combine(_data.Path, "torch")).FullName;
        await using var node = NodeProcess.Launch(_data.Path, "--torch-libs", empty);
        await node.WaitUntilPrintedAsync("is not ready: engine: ");

        using var answer = await node.Http.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains(
            "engine: no model can be loaded on this node: ",
            await answer.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, HttpMethod.Get, "/_cluster/health"));
    }

    [Fact]
    public async Task RestApi_NodeWithoutTheRole_SaysWhoHasIt()
    {
        await using var node = await NodeProcess.StartAsync(_data.Path, "--roles", "data");

        using var answer = await node.Http.GetAsync("/_plugins/_ml/stats");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("ask a node with role gateway", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("data,gateway")]
    public async Task Terminate_AnyRoles_SaysAtOnceThatItStopsAndThenLeavesTheCluster(string roles)
    {
        await using var node = await NodeProcess.StartAsync(_data.Path, "--roles", roles);

        var told = TimeProvider.System.GetUtcNow();
        Assert.Equal(0, await node.TerminateAsync());
        await node.WaitUntilPrintedAsync("stopped: node ");

        // Leaving takes seconds: it lies between the two lines, not before both.
        var (stopping, stopped) = (TimeOf("stopping: node "), TimeOf("stopped: node "));
        Assert.True(stopping - told < stopped - stopping, node.Output);

        DateTimeOffset TimeOf(string text) => DateTimeOffset.Parse(
            node.Output.Split('\n').Single(l => l.Contains(text, StringComparison.Ordinal)).Split(' ')[0],
            CultureInfo.InvariantCulture);
    }

    private static async Task<HttpStatusCode> StatusAsync(NodeProcess node, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await node.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
