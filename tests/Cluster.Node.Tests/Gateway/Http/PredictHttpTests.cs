using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>How predictions find their nodes, wait, and end.</summary>
public sealed class PredictHttpTests : IAsyncLifetime
{
    private static readonly string Path = $"/_plugins/_ml/models/{Samples.Model}/_predict";
    private readonly GatewayHost _host = new()
    {
        Hocon = """
            mlcluster.gateway {
              max-answer-size = 3000000b
              predict {
                max-group-tokens = 100
                node-check-interval = 10ms
                min-retry-delay = 1ms
                resend-after = 20ms
              }
            }
            # A document of at most 2 MiB and 128 KiB.
            akka.remote.dot-netty.tcp.maximum-frame-size = 2240 KiB
            """,
    };

    private FakeCluster Cluster => _host.Cluster;

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Predict_ManyTexts_TravelInGroupsAndComeBackInOrder()
    {
        Serve(Samples.NodeA);
        Cluster.Answer<PredictRequest>(r => Samples.Reply(r, t => Samples.Floats("e", t.Length)));

        var answer = await _host.OkAsync(
            "POST", Path, Body([.. Enumerable.Range(1, 300).Select(i => new string('x', i))]));

        Assert.Equal(Enumerable.Range(1, 300).Select(i => (float)i), Vectors(answer).Select(v => v[0]));
        Assert.True(Cluster.Asked.OfType<PredictRequest>().Count() > 50);
    }

    [Fact]
    public async Task Predict_LargeAnswer_IsStreamedWhole()
    {
        Serve(Samples.NodeA);
        var values = Enumerable.Range(0, 20_000).Select(i => i / 7f).ToArray();
        Cluster.Answer<PredictRequest>(r => Samples.Reply(r, _ => Samples.Floats("e", values)));

        var answer = await _host.OkAsync("POST", Path, Body(["a", "b", "c", "d", "e"]));

        Assert.All(Vectors(answer), v => Assert.Equal(values, v));
        Assert.Equal(5, Vectors(answer).Count);
    }

    [Fact]
    public async Task Predict_AnswerOverTheLimit_IsTooLargeAndNamesTheCure()
    {
        Serve(Samples.NodeA);
        Cluster.Answer<PredictRequest>(r => Samples.Reply(r, _ => Samples.Floats("e", new float[50_000])));

        var (_, reason) = await _host.RefusedAsync(413, "POST", Path, Body(["a", "b", "c", "d", "e"]));

        Assert.Contains("target_response", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_NodeDoesNotServeAnyMore_GoesToAnother()
    {
        Serve(Samples.NodeA, Samples.NodeB);
        var first = "";
        Cluster.Answer<PredictRequest>(r =>
        {
            first = first.Length == 0 ? Cluster.Paths.Last() : first;
            return Cluster.Paths.Last() == first
                ? new PredictRejected(r.ModelId, new ProtocolError(ErrorCode.NotServed, "gone"))
                : Samples.Reply(r, _ => Samples.Floats("e", 1));
        });

        await _host.OkAsync("POST", Path, Body(["a"]));

        Assert.Equal(2, Cluster.Paths.Distinct().Count());
    }

    [Fact]
    public async Task Predict_NodeIsLostMeanwhile_GoesToAnother()
    {
        Serve(Samples.NodeA, Samples.NodeB);
        Cluster.AnswerLater<PredictRequest>(async (r, cancelled) =>
        {
            if (Cluster.Paths.Count > 1)
            {
                return Samples.Reply(r, _ => Samples.Floats("e", 1));
            }

            var isFirst = Cluster.Paths.First().Contains("10.0.0.75", StringComparison.Ordinal);
            var lost = isFirst ? Samples.NodeA : Samples.NodeB;
            Serve(lost == Samples.NodeA ? Samples.NodeB : Samples.NodeA);
            await Task.Delay(Timeout.Infinite, cancelled);
            throw new InvalidOperationException("cancelled before");
        });

        await _host.OkAsync("POST", Path, Body(["a"]));

        Assert.Equal(2, Cluster.Paths.Distinct().Count());
    }

    [Fact]
    public async Task Predict_ConnectionBreaksAndTheNodeLives_AsksItAgain()
    {
        Serve(Samples.NodeA);
        var address = Cluster.Current.Nodes[Samples.NodeA].Address;
        Cluster.AnswerLater<PredictRequest>(async (r, cancelled) =>
        {
            if (Cluster.Paths.Count == 1)
            {
                _host.Links.Broke(address);
                await Task.Delay(Timeout.Infinite, cancelled);
            }

            return Samples.Reply(r, _ => Samples.Floats("e", 1));
        });

        await _host.OkAsync("POST", Path, Body(["a"]));

        Assert.Equal(2, Cluster.Paths.Count);
        Assert.Single(Cluster.Paths.Distinct());
    }

    [Fact]
    public async Task Predict_ConnectionBrokeJustBefore_IsSentAgainUntilOneArrives()
    {
        Serve(Samples.NodeA);
        _host.Links.Broke(Cluster.Current.Nodes[Samples.NodeA].Address);
        Cluster.AnswerLater<PredictRequest>(async (r, cancelled) =>
        {
            if (Cluster.Paths.Count <= 3)
            {
                await Task.Delay(Timeout.Infinite, cancelled);
            }

            return Samples.Reply(r, _ => Samples.Floats("e", 1));
        });

        await _host.OkAsync("POST", Path, Body(["a"]));

        Assert.Equal(4, Cluster.Paths.Count);
    }

    [Fact]
    public async Task Predict_ConnectionBreaks_PrefersAnotherNode()
    {
        Serve(Samples.NodeA, Samples.NodeB);
        Cluster.AnswerLater<PredictRequest>(async (r, cancelled) =>
        {
            if (Cluster.Paths.Count == 1)
            {
                var asked = Cluster.Paths.Single();
                _host.Links.Broke(asked[..asked.IndexOf("/user", StringComparison.Ordinal)]);
                await Task.Delay(Timeout.Infinite, cancelled);
            }

            return Samples.Reply(r, _ => Samples.Floats("e", 1));
        });

        await _host.OkAsync("POST", Path, Body(["a"]));

        Assert.Equal(2, Cluster.Paths.Distinct().Count());
    }

    [Fact]
    public async Task Predict_DocumentThatNoMessageCarries_IsTooLargeBeforeAnythingIsSent()
    {
        Serve(Samples.NodeA);

        var (type, reason) = await _host.RefusedAsync(413, "POST", Path, Body(["a", new string('x', 3_000_000)]));

        Assert.Equal("illegal_argument_exception", type);
        Assert.Contains("document 1 of text_docs has 3000000 bytes", reason, StringComparison.Ordinal);
        Assert.Contains("carries at most 2228224; shorten it", reason, StringComparison.Ordinal);
        Assert.Empty(Cluster.Asked);
    }

    [Fact]
    public async Task Predict_AnswerOfSeveralDocumentsThatNoMessageCarries_IsAskedForInParts()
    {
        Serve(Samples.NodeA);
        Cluster.Answer<PredictRequest>(r => r.Texts.Count > 1
            ? new PredictRejected(r.ModelId, new ProtocolError(ErrorCode.TooLarge, "too large"))
            : Samples.Reply(r, t => Samples.Floats("e", t[0])));

        var answer = await _host.OkAsync("POST", Path, Body(["a", "b", "c"]));

        Assert.Equal(['a', 'b', 'c'], Vectors(answer).Select(v => (char)v[0]));
    }

    [Fact]
    public async Task Predict_AnswerOfOneDocumentThatNoMessageCarries_IsTooLarge()
    {
        Serve(Samples.NodeA);
        Cluster.Answer<PredictRequest>(
            r => new PredictRejected(r.ModelId, new ProtocolError(ErrorCode.TooLarge, "name the outputs")));

        var (type, reason) = await _host.RefusedAsync(413, "POST", Path, Body(["a"]));

        Assert.Equal(("illegal_argument_exception", "name the outputs"), (type, reason));
    }

    [Fact]
    public async Task Predict_QueueFullAtTheBeginning_Is429()
    {
        Serve(Samples.NodeA, Samples.NodeB);
        Cluster.Answer<PredictRequest>(
            r => new PredictRejected(r.ModelId, new ProtocolError(ErrorCode.Rejected, "queue full")));

        var (type, reason) = await _host.RefusedAsync(429, "POST", Path, Body(["a"]));

        Assert.Equal(("rejected_execution_exception", "queue full"), (type, reason));
        Assert.Equal(2, Cluster.Asked.OfType<PredictRequest>().Count());
    }

    [Fact]
    public async Task Predict_QueueFullOfItsOwnGroups_WaitsForRoom()
    {
        Serve(Samples.NodeA);
        var refused = 0;
        Cluster.Answer<PredictRequest>(r => r.Texts[0].StartsWith('y') && Interlocked.Increment(ref refused) <= 3
            ? new PredictRejected(r.ModelId, new ProtocolError(ErrorCode.Rejected, "queue full"))
            : Samples.Reply(r, t => Samples.Floats("e", t[0])));
        string[] texts = [.. Enumerable.Repeat(new string('x', 400), 8), new string('y', 400)];

        var answer = await _host.OkAsync("POST", Path, Body(texts));

        Assert.Equal('y', Vectors(answer)[^1][0]);
        Assert.Equal(4, refused);
    }

    [Fact]
    public async Task Predict_ModelThrows_Is500OfTheModelWithItsCause()
    {
        Serve(Samples.NodeA);
        Cluster.Answer<PredictRequest>(r => new PredictRejected(
            r.ModelId, new ProtocolError(ErrorCode.ModelFailed, "Failed to inference TEXT_EMBEDDING model: x")
            {
                Cause = new ErrorCause("translate_exception", "index out of range"),
            }));

        Assert.Equal(
            (500, Samples.OneLine("""
                {"error":{"root_cause":[
                {"type":"m_l_exception","reason":"Failed to inference TEXT_EMBEDDING model: x"}],
                "type":"m_l_exception","reason":"Failed to inference TEXT_EMBEDDING model: x",
                "caused_by":{"type":"translate_exception","reason":"index out of range"}},"status":500}
                """)),
            await _host.SendAsync("POST", Path, Body(["a"])));
    }

    [Fact]
    public async Task Predict_Results_AreTimedAsAWholeOnTheGateway()
    {
        Serve(Samples.NodeA);
        Cluster.Answer<PredictRequest>(r => Samples.Reply(r, _ => Samples.Floats("e", 1)));
        await _host.OkAsync("POST", Path, Body(["a", "b", "c"]));
        Cluster.Answer<PredictRequest>(
            r => new PredictRejected(r.ModelId, new ProtocolError(ErrorCode.ModelFailed, "broken")));
        await _host.RefusedAsync(500, "POST", Path, Body(["a"]));

        var routed = Assert.Single(_host.Metrics.Routed.Read(kept: 100));

        Assert.Equal((Samples.Model, 1), (routed.ModelId, routed.Times.Count));
    }

    [Fact]
    public async Task Predict_NoRequestsAreMonitored_KeepsNoTimes()
    {
        _host.Set("plugins.ml_commons.monitoring_request_count", "0");
        Serve(Samples.NodeA);
        Cluster.Answer<PredictRequest>(r => Samples.Reply(r, _ => Samples.Floats("e", 1)));

        await _host.OkAsync("POST", Path, Body(["a"]));

        Assert.Empty(_host.Metrics.Routed.Read(kept: 100));
    }

    [Fact]
    public async Task Predict_RequestId_IsOneThatATaskMayHave()
    {
        Serve(Samples.NodeA);
        Cluster.Answer<PredictRequest>(r => Samples.Reply(r, _ => Samples.Floats("e", 1)));

        await _host.OkAsync("POST", Path, Body(["a"]));

        Assert.True(TaskId.TryParse(Cluster.Single<PredictRequest>().RequestId, out _));
    }

    [Fact]
    public async Task Predict_ViewLagsBehindTheDeployment_AsksTheModel()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA));
        Cluster.Answer<GetModel>(_ => Samples.Document(
            ModelStatus.Deployed, Dialect.Current,
            new NodeDeployment(Samples.NodeA, NodeDeploymentStatus.Loaded, null)));
        Cluster.Answer<PredictRequest>(r => Samples.Reply(r, _ => Samples.Floats("e", 1)));

        await _host.OkAsync("POST", Path, Body(["a"]));
    }

    [Fact]
    public async Task Predict_NothingFinishesInTime_Is408()
    {
        var time = new FakeTimeProvider();
        var host = new GatewayHost { Time = time };
        await host.InitializeAsync();
        var asked = new TaskCompletionSource();
        host.Cluster.Publish(Samples.Node(Samples.NodeA, Samples.Served));
        host.Cluster.AnswerLater<PredictRequest>(async (_, cancelled) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, cancelled);
            throw new InvalidOperationException("cancelled before");
        });

        var answer = host.RefusedAsync(408, "POST", Path, Body(["a"]));
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromSeconds(61));

        Assert.Contains("send fewer or shorter text_docs", (await answer).Reason, StringComparison.Ordinal);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Predict_ClientGoesAway_WithdrawsWhatItsNodesStillDo()
    {
        Serve(Samples.NodeA);
        var asked = new TaskCompletionSource<PredictRequest>();
        Cluster.AnswerLater<PredictRequest>(async (r, cancelled) =>
        {
            asked.TrySetResult(r);
            await Task.Delay(Timeout.Infinite, cancelled);
            throw new InvalidOperationException("cancelled before");
        });
        using var client = new CancellationTokenSource();
        using var body = new StringContent(Body(["a"]), Encoding.UTF8, "application/json");
        var answer = _host.Http.PostAsync(Path, body, client.Token);
        var request = await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        var (path, message) = await Cluster.FirstToldAsync();
        Assert.Equal(new CancelPredict(Samples.Model, request.RequestId), message);
        Assert.Equal(Cluster.Paths.Single(), path);
    }

    [Fact]
    public async Task Predict_OneGroupFails_WithdrawsTheOthers()
    {
        Serve(Samples.NodeA);
        var bothAsked = new TaskCompletionSource();
        Cluster.AnswerLater<PredictRequest>(async (r, cancelled) =>
        {
            if (r.Texts[0][0] == 'y')
            {
                await bothAsked.Task;
                return new PredictRejected(r.ModelId, new ProtocolError(ErrorCode.ModelFailed, "broken"));
            }

            bothAsked.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancelled);
            throw new InvalidOperationException("cancelled before");
        });

        await _host.RefusedAsync(500, "POST", Path, Body([new string('x', 400), new string('y', 400)]));

        Assert.IsType<CancelPredict>((await Cluster.FirstToldAsync()).Message);
    }

    [Fact]
    public async Task Predict_BytesWithoutNumbers_AnswersThemAlone()
    {
        Serve(Samples.NodeA);
        Cluster.Answer<PredictRequest>(r => Samples.Reply(r, _ => Samples.Floats("e", 1)));

        Assert.Equal(
            Samples.OneLine("""
                {"inference_results":[{"output":[{"name":"e","data_type":"FLOAT32","shape":[1],
                "byte_buffer":{"array":"AACAPw==","order":"LITTLE_ENDIAN"}}]}]}
                """),
            await _host.OkAsync("POST", Path, """{"text_docs":["a"],"return_number":false,"return_bytes":true}"""));
        Assert.True(Cluster.Single<PredictRequest>().IncludeData);
    }

    [Fact]
    public async Task Predict_FilterPath_ShapesLargeAndSmallAnswers()
    {
        Serve(Samples.NodeA);
        Cluster.Answer<PredictRequest>(r => Samples.Reply(r, _ => Samples.Floats("e", 1)));

        Assert.Equal(
            """{"inference_results":[{"output":[{"shape":[1]}]}]}""",
            await _host.OkAsync("POST", $"{Path}?filter_path=**.shape", Body(["a"])));
    }

    private void Serve(params NodeId[] nodes) =>
        Cluster.Publish([.. nodes.Select(n => Samples.Node(n, Samples.Served))]);

    private static string Body(string[] texts) =>
        new JsonObject { ["text_docs"] = new JsonArray([.. texts.Select(t => JsonValue.Create(t))]) }.ToJsonString();

    private static List<float[]> Vectors(string answer) =>
    [
        .. JsonNode.Parse(answer)!["inference_results"]!.AsArray()
            .Select(d => d!["output"]![0]!["data"]!.AsArray().Select(v => (float)v!).ToArray()),
    ];
}
