using System.Text.Json.Nodes;
using CsCheck;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>Whatever is sent to a row of the route table, it is answered soon, and never as a fault of the
/// server's.</summary>
public sealed class OddRequestHttpTests : IAsyncLifetime
{
    private const int RequestsPerRow = 150;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GatewayHost _host = new();

    public Task InitializeAsync()
    {
        _host.Cluster.AnswerEverything();

        // One alone: the script answers as this node, whichever is asked.
        _host.Cluster.Publish(Samples.Node(Samples.NodeA, Samples.Served));
        return _host.InitializeAsync();
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task EveryRow_OddRequests_AreDoneOrTheClientsMistake()
    {
        var operations = (await ApiDescription.OfAsync(_host)).Operations.ToDictionary(o => (o.Method, o.Path));
        foreach (var endpoint in _host.Endpoints)
        {
            await OddRequest.Like(operations[(endpoint.Method, endpoint.Path)])
                .SampleAsync(AssertAnsweredAsync, iter: RequestsPerRow, threads: 2);
        }

        Assert.Empty(_host.Log.Lines);
    }

    private async Task AssertAnsweredAsync(OddRequest odd)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var request = odd.ToMessage();
        using var answer = await _host.Http.SendAsync(request, deadline.Token);
        var text = await answer.Content.ReadAsStringAsync(deadline.Token);

        var status = (int)answer.StatusCode;
        Assert.True(status < 500, $"{odd}: {status} {text}");
        if (status >= 400 && odd.Method != "HEAD" && !odd.Target.Contains("filter_path", StringComparison.Ordinal))
        {
            AssertEnvelope(status, JsonNode.Parse(text)!.AsObject(), $"{odd}: {text}");
        }
    }

    private static void AssertEnvelope(int status, JsonObject answer, string what)
    {
        if (answer["timed_out"] is { } timedOut)
        {
            Assert.True((bool)timedOut && status == 408, what);
            return;
        }

        var error = answer["error"];
        if (error is JsonObject envelope)
        {
            var root = Assert.Single(envelope["root_cause"]!.AsArray())!;
            Assert.Equal((string)envelope["type"]!, (string)root["type"]!);
            Assert.NotEmpty((string)envelope["reason"]!);
        }
        else
        {
            Assert.NotEmpty((string)error!);
        }

        // A path that no row has is answered without it.
        Assert.True(
            answer["status"] is { } told ? (int)told == status : status == 400 && error is JsonValue, what);
    }
}
