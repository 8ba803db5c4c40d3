using System.Diagnostics;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MlCluster.Messages.Inference;
using MlCluster.Node.Gateway;
using MlCluster.Node.Gateway.Predict;
using MlCluster.Node.Hosting;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Routing;
using MlCluster.Node.Telemetry;
using MlCluster.Node.Tests.Gateway.Support;
using MlCluster.Node.Tests.Ml.Fakes;
using MlCluster.Node.Tests.Routing;

namespace MlCluster.Node.Tests.Telemetry;

/// <summary>One trace over two actor systems with real remoting and the real serializer.</summary>
[Collection(Alone.Name)]
public sealed class TwoSystemsTraceTests : IAsyncLifetime
{
    private const string TraceId = "11111111111111112222222222222222";
    private const string ClientSpan = "3333333333333333";
    private IHost _gateway = null!;
    private IHost _worker = null!;

    public async Task InitializeAsync()
    {
        _gateway = RoutingHost.Build("gateway", seed: null);
        await _gateway.StartAsync();
        _worker = RoutingHost.Build("worker", RoutingHost.AddressOf(_gateway));
        await _worker.StartAsync();
        _worker.Services.GetRequiredService<ActorSystem>().ActorOf(Props.Create(() => new Answerer()), "model-host");
    }

    public async Task DisposeAsync()
    {
        await _worker.StopAsync();
        await _gateway.StopAsync();
        _worker.Dispose();
        _gateway.Dispose();
    }

    [Fact]
    public async Task Predict_AnsweredByAnotherNode_IsOneTraceWithParents()
    {
        _worker.Services.GetRequiredService<LocalNode>().SetModels([Samples.Served]);
        await RoutingHost.SeesAsync(
            _gateway, "the model on the worker", v => v.ReplicasOf(Samples.Model).Any());
        using var spans = new SpanReader();

        var client = new TraceContext($"00-{TraceId}-{ClientSpan}-01", null);
        using (Tracing.Source.StartActivity("POST", ActivityKind.Server, client.Parent))
        {
            await PredictAsync(client);
        }

        await RoutingHost.UntilAsync("all spans have ended", () => spans.Of(TraceId).Count == 6);
        var (post, ask) = (spans.Single(TraceId, "POST"), spans.Single(TraceId, "ask"));
        var predict = spans.Single(TraceId, "predict");
        Assert.Equal(ClientSpan, post.ParentSpanId.ToHexString());
        Assert.Equal(post.SpanId, ask.ParentSpanId);
        Assert.Equal(ask.SpanId, predict.ParentSpanId);
        Assert.True(predict.HasRemoteParent);
        Assert.All(
            ["tokenize", "queue", "forward"],
            stage => Assert.Equal(predict.SpanId, spans.Single(TraceId, stage).ParentSpanId));
    }

    private async Task PredictAsync(TraceContext trace)
    {
        var services = _gateway.Services;
        var context = new NodeContext(
            new NodeOptions(), new("gateway"), "gateway", Akka.Configuration.Config.Empty, TimeProvider.System);
        var options = new GatewayOptions();
        var system = services.GetRequiredService<ActorSystem>();
        var table = services.GetRequiredService<RoutingTable>();
        using var watch = new NodeWatch(
            table, services.GetRequiredService<BrokenLinks>(), TimeProvider.System, options.Predict);
        var second = TimeSpan.FromSeconds(1);
        var client = new ClusterClient(
            system,
            ActorRegistry.For(system),
            new ClusterClientOptions(second, second, second, second),
            TimeProvider.System);
        var dispatcher = new PredictDispatcher(
            client, new LocalServing(), table, new OutstandingTokens(), watch, options, context);
        var replies = await dispatcher.PredictAsync(
            Samples.Model, new PredictBody(["today is sunny"]), new RequestOrigin("r", trace), CancellationToken.None);
        Assert.Single(Assert.Single(replies).Documents);
    }

    /// <summary>Answers as the loader of a served model does.</summary>
    private sealed class Answerer : ReceiveActor
    {
        private readonly PredictAnswerer _answerer;

        public Answerer()
        {
            var served = new FakeServedModel();
            _answerer = new PredictAnswerer(
                served, "TEXT_EMBEDDING", TestModels.Monitor(served), new InFlightRequests(), TimeProvider.System);
            Receive<PredictRequest>(request => _ = _answerer
                .AnswerAsync(request, null, CancellationToken.None).PipeTo(Sender, Self));
        }
    }
}
