using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>Predictions are held against the model's interface (contract 5.3).</summary>
public sealed class InterfaceHttpTests : IAsyncLifetime
{
    private const string OneText = """{"properties":{"text_docs":{"maxItems":1}}}""";
    private const string NoText = """{"properties":{"text_docs":{"maxItems":0}}}""";
    private const string Positive = """
        {"properties":{"inference_results":{"items":{"properties":{"output":{"items":{"properties":{
        "data":{"items":{"exclusiveMinimum":0}}}}}}}}}}
        """;

    private static readonly string Path = $"/_plugins/_ml/models/{Samples.Model}/_predict";
    private readonly GatewayHost _host = new();
    private long _answersWith = 4;

    private FakeCluster Cluster => _host.Cluster;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        Serve(4);
        Cluster.Answer<PredictRequest>(r => Samples.Reply(r, t => Samples.Floats("e", t == "bad" ? -1 : 1)) with
        {
            InterfaceVersion = _answersWith,
        });
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Predict_BodyThatDoesNotFit_IsRefusedBeforeANodeIsAsked()
    {
        Interface(OneText, null);

        var (type, reason) = await _host.RefusedAsync(400, "POST", Path, """{"text_docs":["a","b"]}""");

        Assert.Equal("status_exception", type);
        Assert.StartsWith("Error validating input schema: /text_docs: ", reason, StringComparison.Ordinal);
        Assert.EndsWith($"GET /_plugins/_ml/models/{Samples.Model}", reason, StringComparison.Ordinal);
        Assert.Empty(Cluster.Asked.OfType<PredictRequest>());
    }

    [Fact]
    public async Task Predict_AnswerThatDoesNotFit_IsRefused()
    {
        Interface(null, Positive);

        await _host.OkAsync("POST", Path, """{"text_docs":["good"]}""");
        var (type, reason) = await _host.RefusedAsync(400, "POST", Path, """{"text_docs":["bad"]}""");

        Assert.Equal("status_exception", type);
        Assert.StartsWith(
            "Error validating output schema: /inference_results/0/output/0/data/0: ", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_BothFit_ReadsTheSchemasOnce()
    {
        Interface(OneText, Positive);

        await _host.OkAsync("POST", Path, """{"text_docs":["a"]}""");
        await _host.OkAsync("POST", Path, """{"text_docs":["b"]}""");

        Cluster.Single<GetModel>();
    }

    [Fact]
    public async Task Predict_ModelWithoutInterface_AsksForNone()
    {
        Serve(0);
        _answersWith = 0;

        await _host.OkAsync("POST", Path, """{"text_docs":["a","b"]}""");

        Assert.Empty(Cluster.Asked.OfType<GetModel>());
    }

    [Fact]
    public async Task Predict_RoutingLagsBehind_TheAnswerSaysThatThereIsAnInterface()
    {
        Serve(0);
        Interface(OneText, null);

        var (_, reason) = await _host.RefusedAsync(400, "POST", Path, """{"text_docs":["a","b"]}""");

        Assert.StartsWith("Error validating input schema", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_InterfaceChanged_HoldsFromTheNextOneOn()
    {
        Interface(NoText, null);
        await _host.RefusedAsync(400, "POST", Path, """{"text_docs":["a"]}""");

        Interface(OneText, null, version: 5);
        Serve(_answersWith = 5);

        await _host.OkAsync("POST", Path, """{"text_docs":["a"]}""");
    }

    [Fact]
    public async Task Predict_MoreBytesThanMayBeHeldAgainstASchema_IsRefused()
    {
        Interface(OneText, null);
        _host.Set(MlSettings.MaxJsonSize.Name, "10");

        var (_, reason) = await _host.RefusedAsync(400, "POST", Path, """{"text_docs":["a"]}""");
        _host.Set(MlSettings.MaxJsonSize.Name, "-1");

        Assert.StartsWith(
            "Error validating input schema: it has 19 bytes, and plugins.ml_commons.max_json_size lets 10", reason,
            StringComparison.Ordinal);
        await _host.OkAsync("POST", Path, """{"text_docs":["a"]}""");
    }

    [Fact]
    public async Task Predict_SchemaThatAnOlderVersionTook_IsToldAsAFaultOfIt()
    {
        Interface("""{"type":"objekt"}""", null);

        var (_, reason) = await _host.RefusedAsync(400, "POST", Path, """{"text_docs":["a"]}""");

        Assert.StartsWith(
            "Error validating input schema: the schema is not a JSON schema: ", reason, StringComparison.Ordinal);
    }

    private void Serve(long interfaceVersion) => Cluster.Publish(
        Samples.Node(Samples.NodeA, Samples.Served with { InterfaceVersion = interfaceVersion }));

    private void Interface(string? input, string? output, long version = 4)
    {
        var document = Samples.Document(ModelStatus.Deployed, Dialect.Current);
        Cluster.Answer<GetModel>(_ => document with
        {
            Spec = document.Spec with { Interface = new ModelInterface(input, output) }, Version = version,
        });
    }
}
