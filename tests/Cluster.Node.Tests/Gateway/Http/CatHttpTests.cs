using System.Text.Json.Nodes;
using MlCluster.Messages.Statistics;
using MlCluster.Node.Hosting;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>Tables for people (contract 9).</summary>
public sealed class CatHttpTests : IAsyncLifetime
{
    private readonly GatewayHost _host = new();

    private FakeCluster Cluster => _host.Cluster;

    public Task InitializeAsync()
    {
        Cluster.Publish(Samples.GatewayAndMl);
        return _host.InitializeAsync();
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task CatNodes_Text_HasColumnsAndHeader()
    {
        Assert.Equal(
            "id   node.role node.roles m name  \n"
            + "KzON d         data,ml    * node-K\n"
            + "s5Jw -         ml         - node-s\n",
            await _host.OkAsync("GET", "/_cat/nodes?v&h=id,node.role,node.roles,m,name"));
        Assert.Equal(
            "KzONM8c8T4Od-NoUANQNGg\ns5JwjZRqTY6nOT0EvFwVdA\n",
            await _host.OkAsync("GET", "/_cat/nodes?h=id&full_id=true"));
    }

    [Fact]
    public async Task CatNodes_Json_HasStringsInAllDefaultColumns()
    {
        var rows = JsonNode.Parse(await _host.OkAsync("GET", "/_cat/nodes?format=json"))!.AsArray();

        Assert.Equal(
            [
                "ip", "heap.percent", "ram.percent", "cpu", "load_1m", "load_5m", "load_15m",
                "node.role", "node.roles", "cluster_manager", "name",
            ],
            rows[0]!.AsObject().Select(p => p.Key));
        Assert.All(rows[0]!.AsObject(), p => Assert.NotNull((string?)p.Value));
    }

    [Theory]
    [InlineData("name:desc", "node-s node-K")]
    [InlineData("n:asc", "node-K node-s")]
    [InlineData("models,name:desc", "node-s node-K")]
    [InlineData("models:desc", "node-K node-s")]
    [InlineData("", "node-K node-s")]
    public async Task CatNodes_Sorted_AreInTheOrderOfTheColumns(string keys, string names) => Assert.Equal(
        names, (await _host.OkAsync("GET", $"/_cat/nodes?h=name&s={keys}")).Trim().Replace('\n', ' '));

    [Fact]
    public async Task CatNodes_SortedByNoColumn_IsTheClientsMistake()
    {
        var (type, reason) = await _host.RefusedAsync(400, "GET", "/_cat/nodes?s=size:desc");

        Assert.Equal("illegal_argument_exception", type);
        Assert.StartsWith("Unable to sort by unknown sort key `size`", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "", true)]
    [InlineData("application/json; charset=utf-8", "", true)]
    [InlineData("application/json", "&format=text", false)]
    [InlineData("*/*", "", false)]
    public async Task CatNodes_Accept_DecidesWhereFormatDoesNot(string accept, string query, bool isJson)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/_cat/nodes?h=name{query}");
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var answer = await _host.Http.SendAsync(request);

        Assert.Equal(isJson ? "application/json" : "text/plain", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task CatNodes_OfEveryNode_TellsWhatItSaysOfItself()
    {
        Cluster.Answer<GetNodeStatistics>(_ => Cluster.Paths.Last().Contains("10.0.0.75", StringComparison.Ordinal)
            ? new NodeStatisticsReply(Samples.NodeA, Numbers(31), []) { Load = new MachineLoad(62, 7, 0.5, 1.25, null) }
            : new NodeStatisticsReply(Samples.NodeB, Numbers(4), []));

        Assert.Equal(
            "heap.percent ram.percent cpu load_1m load_5m load_15m name  \n"
            + "          31          62   7    0.50    1.25        - node-K\n"
            + "           4           -   -       -       -        - node-s\n",
            await _host.OkAsync("GET", "/_cat/nodes?v&h=heap.percent,ram.percent,cpu,load*,name"));
    }

    [Fact]
    public async Task CatNodes_SilentNode_IsShownAllTheSame()
    {
        Cluster.Answer<GetNodeStatistics>(_ => Cluster.Paths.Last().Contains("10.0.0.75", StringComparison.Ordinal)
            ? new NodeStatisticsReply(Samples.NodeA, Numbers(31), [])
            : throw new ClusterUnavailableException("silence"));

        Assert.Equal(
            "31 node-K\n - node-s\n", await _host.OkAsync("GET", "/_cat/nodes?h=heap.percent,name"));
    }

    [Theory]
    [InlineData("h=id,name,models,devices", 0)]
    [InlineData("h=name&s=cpu", 2)]
    [InlineData("h=name,l", 2)]
    [InlineData("", 2)]
    [InlineData("help", 0)]
    public async Task CatNodes_AsksNodesOnlyForWhatIsShownOrSortedBy(string query, int asked)
    {
        await _host.OkAsync("GET", $"/_cat/nodes?{query}");

        Assert.Equal(asked, Cluster.Asked.OfType<GetNodeStatistics>().Count());
    }

    [Fact]
    public async Task CatNodes_Help_TellsEveryColumnWhateverElseIsAsked()
    {
        var lines = (await _host.OkAsync("GET", "/_cat/nodes?help&format=json&h=name")).TrimEnd('\n').Split('\n');

        Assert.Equal(18, lines.Length);
        Assert.All(lines, l => Assert.Equal(3, l.Split(" | ").Length));
        Assert.All(lines, l => Assert.NotEqual("", l.Split(" | ")[2].Trim()));
        Assert.StartsWith("id              | nodeId ", lines[0], StringComparison.Ordinal);
    }

    private static NodeNumbers Numbers(int heap) => new(heap, 0, 0, 0, 0, 0);
}
