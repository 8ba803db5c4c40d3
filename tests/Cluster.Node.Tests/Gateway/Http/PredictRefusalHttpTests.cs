using MlCluster.Messages;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>What a client reads where no node serves the model: what to do, or when to try again.</summary>
public sealed class PredictRefusalHttpTests : IAsyncLifetime
{
    private const string Body = """{"text_docs":["a"]}""";
    private static readonly string Path = $"/_plugins/_ml/models/{Samples.Model}/_predict";
    private readonly GatewayHost _host = new();

    private FakeCluster Cluster => _host.Cluster;

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Predict_NobodyServes_NamesBothWaysToDeploy()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA));
        Cluster.Answer<GetModel>(
            _ => Samples.Document(ModelStatus.Registered, Dialect.Current) with { DeployToAllNodes = false });

        var (type, reason) = await _host.RefusedAsync(400, "POST", Path, Body);

        Assert.Equal("illegal_argument_exception", type);
        Assert.StartsWith("Model not ready yet. Please deploy the model first.", reason, StringComparison.Ordinal);
        Assert.Contains($"{Samples.Model}/_deploy", reason, StringComparison.Ordinal);
        Assert.Contains($"{Samples.Model}/_load", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_StillLoading_SaysSoAndWhereToLook()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA));
        Cluster.Answer<GetModel>(_ => NeverServed(Samples.Document(
            ModelStatus.Deploying, Dialect.Current,
            new NodeDeployment(Samples.NodeA, NodeDeploymentStatus.Loading, null))));

        var (type, reason) = await _host.RefusedAsync(400, "POST", Path, Body);

        Assert.Equal("illegal_argument_exception", type);
        Assert.Contains(
            "The model is loading: wait until its model_state is DEPLOYED", reason, StringComparison.Ordinal);
        Assert.EndsWith($"GET /_plugins/_ml/models/{Samples.Model}", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_LastDeploymentFailed_SaysWhereAndWhy()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA));
        Cluster.Answer<GetModel>(_ => NeverServed(Samples.Document(
            ModelStatus.DeployFailed, Dialect.Current,
            new NodeDeployment(Samples.NodeA, NodeDeploymentStatus.Failed, "model.pt is not a zip file"))));

        var (_, reason) = await _host.RefusedAsync(400, "POST", Path, Body);

        Assert.StartsWith(
            $"Model not ready yet. The last deployment failed on node {Samples.NodeA}: model.pt is not a zip file.",
            reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_StillRegistering_SaysSo()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA));
        Cluster.Answer<GetModel>(_ => NeverServed(
            Samples.Document(ModelStatus.Registering, Dialect.Current)) with { DeployToAllNodes = false });

        var (_, reason) = await _host.RefusedAsync(400, "POST", Path, Body);

        Assert.StartsWith(
            "Model not ready yet. It is still being registered", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_PathNamesAnotherFunctionThanTheModels_IsRefused()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA, Samples.Served));

        var (_, reason) = await _host.RefusedAsync(
            400, "POST", $"/_plugins/_ml/_predict/text_similarity/{Samples.Model}", Body);

        Assert.Equal($"model {Samples.Model} is for TEXT_EMBEDDING, and the path says TEXT_SIMILARITY", reason);
    }

    [Fact]
    public async Task Predict_UnknownModel_IsNotFound()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA));
        Cluster.Answer<GetModel>(c => new ModelRejected(
            c.ModelId,
            new ProtocolError(ErrorCode.NotFound, $"Failed to find model with the provided model id: {c.ModelId}")));

        await _host.RefusedAsync(404, "POST", $"/_plugins/_ml/_predict/text_embedding/{Samples.Model}", Body);
    }

    [Fact]
    public async Task Predict_GatewayHasNotJoined_SendsElsewhereAtOnce()
    {
        var (_, reason) = await _host.RefusedAsync(503, "POST", Path, Body);

        Assert.Contains("not joined", reason, StringComparison.Ordinal);
        Assert.Empty(Cluster.Asked);
    }

    [Fact]
    public async Task Predict_NodeThatLoadedIsOutOfSight_IsToBeRetried()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA));
        Cluster.Answer<GetModel>(_ => Samples.Document(
            ModelStatus.Deployed, Dialect.Current,
            new NodeDeployment(Samples.NodeB, NodeDeploymentStatus.Loaded, null)));

        await _host.RefusedAsync(503, "POST", Path, Body);
    }

    [Fact]
    public async Task Predict_ItsNodesAreGone_NamesThemAndIsToBeRetried()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA));
        Cluster.Answer<GetModel>(_ => Samples.Document(
            ModelStatus.DeployFailed, Dialect.Current,
            new NodeDeployment(Samples.NodeB, NodeDeploymentStatus.Loading, "the node has left the cluster")));

        var reason = await UnavailableAsync();

        Assert.Contains($"{Samples.NodeB}: the node has left the cluster", reason, StringComparison.Ordinal);
        Assert.EndsWith($"POST /_plugins/_ml/models/{Samples.Model}/_deploy", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_WantedOnAllNodesAndNoneIsThere_IsToBeRetried()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA) with { Roles = ["data", "gateway"] });
        Cluster.Answer<GetModel>(_ => Samples.Document(ModelStatus.DeployFailed, Dialect.Current));

        Assert.Contains("none is in the cluster", await UnavailableAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1665961815958L)]
    public async Task Predict_ServedBeforeAndLoadingAgain_IsToBeRetried(long? undeployed)
    {
        Cluster.Publish(Samples.Node(Samples.NodeA));
        Cluster.Answer<GetModel>(_ => LoadingAgain(undeployed));

        Assert.Contains("is being loaded again", await UnavailableAsync(), StringComparison.Ordinal);
    }

    // Taken off and asked for again: the client is early.
    [Fact]
    public async Task Predict_UndeployedSinceAndLoading_SaysSo()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA));
        Cluster.Answer<GetModel>(_ => LoadingAgain(undeployed: 1665961815960));

        await _host.RefusedAsync(400, "POST", Path, Body);
    }

    [Theory]
    [InlineData(ErrorCode.Forbidden, 403, "Model is disabled.")]
    [InlineData(ErrorCode.Throttled, 429, "Request is throttled at model level.")]
    public async Task Predict_NodeDoesNotLetItThrough_HasOpenSearchsWords(ErrorCode code, int status, string reason)
    {
        Cluster.Publish(Samples.Node(Samples.NodeA, Samples.Served));
        Cluster.Answer<PredictRequest>(r => new PredictRejected(r.ModelId, new ProtocolError(code, reason)));

        Assert.Equal(("status_exception", reason), await _host.RefusedAsync(status, "POST", Path, Body));
    }

    // Each node has its share of what the limiter allows.
    [Fact]
    public async Task Predict_ThrottledByOneNode_AsksTheOthersOnce()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA, Samples.Served), Samples.Node(Samples.NodeB, Samples.Served));
        var asked = 0;
        Cluster.Answer<PredictRequest>(r => ++asked == 1
            ? Throttled(r)
            : Samples.Reply(r, _ => Samples.Floats("sentence_embedding", 1)));

        await _host.OkAsync("POST", Path, Body);
        Cluster.Answer<PredictRequest>(Throttled);
        await _host.RefusedAsync(429, "POST", Path, Body);

        Assert.Equal(4, Cluster.Paths.Count);
        Assert.Equal(2, Cluster.Paths.Distinct().Count());
    }

    // It is one request to a rate limiter, however many groups it makes.
    [Fact]
    public async Task Predict_SeveralGroups_CountOnce()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA, Samples.Served));
        Cluster.Answer<PredictRequest>(r => Samples.Reply(r, _ => Samples.Floats("sentence_embedding", 1)));
        var texts = string.Join(',', Enumerable.Repeat($"\"{new string('a', 2_000)}\"", 400));

        await _host.OkAsync("POST", Path, $$"""{"text_docs":[{{texts}}],"target_response":["sentence_embedding"]}""");

        var groups = Cluster.Asked.OfType<PredictRequest>().ToList();
        Assert.True(groups.Count > 1, "one group alone shows nothing");
        Assert.Single(groups, g => !g.IsContinuation);
    }

    private static PredictRejected Throttled(PredictRequest request) =>
        new(request.ModelId, new ProtocolError(ErrorCode.Throttled, "Request is throttled at model level."));

    private static ModelDocument LoadingAgain(long? undeployed)
    {
        var document = Samples.Document(
            ModelStatus.Deploying, Dialect.Current,
            new NodeDeployment(Samples.NodeA, NodeDeploymentStatus.Loading, null));
        return document with { Times = document.Times with { LastUndeployed = undeployed } };
    }

    private static ModelDocument NeverServed(ModelDocument document) =>
        document with { Times = document.Times with { LastDeployed = null } };

    /// <summary>Predicts; the answer must be 503 with Retry-After.</summary>
    private async Task<string> UnavailableAsync()
    {
        using var body = new StringContent(Body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await _host.Http.PostAsync(Path, body);
        Assert.Equal(5, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        return (await _host.RefusedAsync(503, "POST", Path, Body)).Reason;
    }
}
