using Akka.Configuration;
using MlCluster.Messages;
using MlCluster.Messages.Search;
using MlCluster.Node.Gateway;
using MlCluster.Node.Gateway.Predict;
using MlCluster.Node.Gateway.Search;
using MlCluster.Node.Hosting;
using MlCluster.Node.Routing;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Search;

/// <summary>Whom a gateway asks.</summary>
public sealed class SearchClientTests : IDisposable
{
    private static readonly string PathA = $"{Samples.Node(Samples.NodeA).Address}/user/document-search";
    private static readonly string PathB = $"{Samples.Node(Samples.NodeB).Address}/user/document-search";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FakeCluster _cluster = new();
    private readonly BrokenLinks _links = new(TimeProvider.System, TimeSpan.FromSeconds(2));
    private readonly NodeWatch _watch;

    public SearchClientTests()
    {
        _watch = new NodeWatch(
            _cluster,
            _links,
            TimeProvider.System,
            new PredictOptions { NodeCheckInterval = Timeout.InfiniteTimeSpan });
        _cluster.Publish(
            Samples.Node(Samples.NodeA), Samples.Node(Samples.NodeB),
            Samples.Node(new NodeId("m")) with { Roles = ["ml"] });
        _cluster.Answer<SearchDocuments>(_ => new DocumentsFound(0, null, [], false));
    }

    [Fact]
    public async Task SearchAsync_GatewayAlone_AsksDataNodesInTurn()
    {
        var client = Client("gateway");

        await SearchAsync(client);
        await SearchAsync(client);

        Assert.Equal([PathB, PathA], _cluster.Paths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SearchAsync_NodeThatHasDocumentsItself_AsksNobodyElse()
    {
        await SearchAsync(Client("gateway", "data"));

        Assert.Equal(["/user/document-search"], _cluster.Paths);
    }

    [Fact]
    public async Task SearchAsync_NodeThatIsSilent_AnotherAnswers()
    {
        _cluster.Answer<SearchDocuments>(_ => _cluster.Paths.Count == 1
            ? throw new ClusterUnavailableException("silent")
            : new DocumentsFound(7, 1, [], false));

        Assert.Equal(7, (await SearchAsync(Client("gateway"))).Total);
        Assert.Equal([PathB, PathA], _cluster.Paths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SearchAsync_ConnectionBreaksWhileANodeSearches_AnotherAnswersAtOnce()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.AnswerLater<SearchDocuments>(async (_, cancelled) =>
        {
            if (asked.TrySetResult())
            {
                await Task.Delay(Timeout.Infinite, cancelled);
            }

            return new DocumentsFound(7, 1, [], false);
        });
        var search = SearchAsync(Client("gateway"));
        await asked.Task.WaitAsync(Patience);

        _links.Broke(Samples.Node(Samples.NodeA).Address);
        _links.Broke(Samples.Node(Samples.NodeB).Address);
        _watch.Check();

        Assert.Equal(7, (await search.WaitAsync(Patience)).Total);
    }

    [Fact]
    public async Task SearchAsync_NoDataNodeIsKnown_IsUnavailable()
    {
        _cluster.Publish();

        await Assert.ThrowsAsync<ClusterUnavailableException>(() => SearchAsync(Client("gateway")));
    }

    public void Dispose() => _watch.Dispose();

    private static Task<DocumentsFound> SearchAsync(SearchClient client) =>
        client.SearchAsync(DocumentKind.Task, new SearchBody(), CancellationToken.None);

    private SearchClient Client(params string[] roles) => new(
        _cluster,
        _cluster,
        _watch,
        new GatewayOptions(),
        new NodeContext(
            new NodeOptions { Roles = roles }, new NodeId("me"), "me", Config.Empty, TimeProvider.System));
}
