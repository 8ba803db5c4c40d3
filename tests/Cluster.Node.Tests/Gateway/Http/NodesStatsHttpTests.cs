using System.Text.Json.Nodes;
using MlCluster.Messages.Statistics;
using MlCluster.Node.Hosting;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>How busy nodes are, under OpenSearch's names.</summary>
public sealed class NodesStatsHttpTests : IAsyncLifetime
{
    private readonly GatewayHost _host = new();

    private FakeCluster Cluster => _host.Cluster;

    public Task InitializeAsync()
    {
        Cluster.Publish(Samples.GatewayAndMl);
        Cluster.Answer<GetNodeStatistics>(_ => IsOfNodeA()
            ? new NodeStatisticsReply(Samples.NodeA, Numbers(31), [])
            {
                Load = new MachineLoad(62, 7, 0.5, 1.25, null),
                Process = new ProcessLoad(90_000, 1_500, 700, 9_000, 40, 130, 33, 120),
            }
            : new NodeStatisticsReply(Samples.NodeB, Numbers(4), []));
        return _host.InitializeAsync();
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task NodesStats_All_TellsWhatEachNodeSaid()
    {
        var answer = JsonNode.Parse(await _host.OkAsync("GET", "/_nodes/stats"))!;

        Assert.Equal("""{"total":2,"successful":2,"failed":0}""", answer["_nodes"]!.ToJsonString());
        var node = answer["nodes"]![Samples.NodeA.Value]!;
        Assert.Equal(("node-K", "10.0.0.75:4053"), ((string?)node["name"], (string?)node["transport_address"]));
        Assert.Equal("""{"percent":7,"load_average":{"1m":0.5,"5m":1.25}}""", node["os"]!["cpu"]!.ToJsonString());
        Assert.Equal("""{"used_percent":62,"free_percent":38}""", node["os"]!["mem"]!.ToJsonString());
        Assert.Equal(120, (int)node["process"]!["open_file_descriptors"]!);
        Assert.Equal(1_500, (long)node["process"]!["cpu"]!["total_in_millis"]!);
        Assert.Equal(700, (long)node["process"]!["mem"]!["resident_in_bytes"]!);
        Assert.Equal(90_000, (long)node["jvm"]!["uptime_in_millis"]!);
        Assert.Equal(
            """{"heap_used_in_bytes":40,"heap_used_percent":31,"heap_max_in_bytes":130}""",
            node["jvm"]!["mem"]!.ToJsonString());

        // An older version says nothing of its process.
        var older = answer["nodes"]![Samples.NodeB.Value]!;
        Assert.Equal("node-s", (string?)older["name"]);
        Assert.Null(older["jvm"]);
    }

    [Theory]
    [InlineData("/_nodes/node-K/stats", "os process jvm")]
    [InlineData("/_nodes/_local/stats/jvm", "jvm")]
    [InlineData("/_nodes/_local/stats/_all,os", "os process jvm")]
    [InlineData("/_nodes/node-K/stats/os,process", "os process")]
    [InlineData("/_nodes/node-K/stats/indices,http", "")]
    public async Task NodesStats_SomeOfSome_AreToldAlone(string path, string sections)
    {
        var answer = JsonNode.Parse(await _host.OkAsync("GET", path))!;

        Assert.Equal(1, (int)answer["_nodes"]!["total"]!);
        var node = Assert.Single(answer["nodes"]!.AsObject()).Value!.AsObject();
        Assert.Equal(
            sections.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            node.Select(f => f.Key).Where(k => k is "os" or "process" or "jvm"));
        Assert.Single(Cluster.Asked.OfType<GetNodeStatistics>());
    }

    [Fact]
    public async Task NodesStats_OneSectionOfAll_IsTold()
    {
        var nodes = JsonNode.Parse(await _host.OkAsync("GET", "/_nodes/stats/jvm"))!["nodes"]!.AsObject();

        Assert.Equal(2, nodes.Count);
        Assert.NotNull(nodes[Samples.NodeA.Value]!["jvm"]);
        Assert.Null(nodes[Samples.NodeA.Value]!["os"]);
    }

    [Fact]
    public async Task NodesStats_SilentNode_CountsAsFailed()
    {
        Cluster.Answer<GetNodeStatistics>(_ => IsOfNodeA()
            ? new NodeStatisticsReply(Samples.NodeA, Numbers(31), [])
            : throw new ClusterUnavailableException("silent"));

        var answer = JsonNode.Parse(await _host.OkAsync("GET", "/_nodes/stats"))!;

        Assert.Equal("""{"total":2,"successful":1,"failed":1}""", answer["_nodes"]!.ToJsonString());
        Assert.Equal(Samples.NodeA.Value, Assert.Single(answer["nodes"]!.AsObject()).Key);
    }

    [Fact]
    public async Task NodesStats_UnknownSection_IsRefusedAsOpenSearchDoes()
    {
        var (status, body) = await _host.SendAsync("GET", "/_nodes/stats/jvm,heap");

        Assert.Equal(400, status);
        Assert.Equal(
            "request [/_nodes/stats/jvm,heap] contains unrecognized metric: [heap]",
            (string?)JsonNode.Parse(body)!["error"]!["reason"]);
    }

    private bool IsOfNodeA() => Cluster.Paths.Last().Contains("10.0.0.75", StringComparison.Ordinal);

    private static NodeNumbers Numbers(int heapPercent) => new(heapPercent, 0, 0, 0, 0, 0);
}
