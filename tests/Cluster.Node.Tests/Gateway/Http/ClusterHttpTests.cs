using System.Text.Json.Nodes;
using MlCluster.Messages.Deployments;
using MlCluster.Messages.Models;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>What tells about the cluster: root, nodes, health (contract 9).</summary>
public sealed class ClusterHttpTests : IAsyncLifetime
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
    public async Task Root_Get_TellsWhatClientsLookFor()
    {
        Cluster.Answer<GetDeployments>(_ => new DeploymentsReply(true, []) { ClusterUuid = "AbCdEfGhIjKlMnOpQrStUv" });

        var root = JsonNode.Parse(await _host.OkAsync("GET", "/"))!;

        Assert.Equal("node-1", (string?)root["name"]);
        Assert.Equal("AbCdEfGhIjKlMnOpQrStUv", (string?)root["cluster_uuid"]);
        Assert.Equal("3.3.0", (string?)root["version"]!["number"]);
        Assert.Equal("opensearch", (string?)root["version"]!["distribution"]);
        Assert.Equal("2.19.0", (string?)root["version"]!["minimum_wire_compatibility_version"]);
        Assert.Equal("2.0.0", (string?)root["version"]!["minimum_index_compatibility_version"]);
        Assert.Equal("The OpenSearch Project: https://opensearch.org/", (string?)root["tagline"]);
    }

    [Fact]
    public async Task Root_NoSupervisor_IsAnsweredAllTheSame() =>
        Assert.Equal("_na_", (string?)JsonNode.Parse(await _host.OkAsync("GET", "/"))!["cluster_uuid"]);

    [Fact]
    public async Task Root_UuidComesAMomentLater_IsAwaitedOnce()
    {
        var asked = 0;
        Cluster.Answer<GetDeployments>(
            _ => new DeploymentsReply(true, [], ++asked < 3 ? "" : "AbCdEfGhIjKlMnOpQrStUv"));

        foreach (var _ in new[] { 1, 2 })
        {
            Assert.Equal(
                """{"cluster_uuid":"AbCdEfGhIjKlMnOpQrStUv"}""",
                await _host.OkAsync("GET", "/?filter_path=cluster_uuid"));
        }

        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task Nodes_All_AreTold()
    {
        var answer = JsonNode.Parse(await _host.OkAsync("GET", "/_nodes"))!;

        Assert.Equal(2, (int)answer["_nodes"]!["total"]!);
        var a = answer["nodes"]![Samples.NodeA.Value]!;
        Assert.Equal("10.0.0.75:4053", (string?)a["transport_address"]);
        Assert.Equal("""["data","ml"]""", a["roles"]!.ToJsonString());
        Assert.Equal("true", (string?)a["attributes"]!["gateway"]);
        Assert.Equal("127.0.0.1:9200", (string?)a["http"]!["publish_address"]);
        Assert.Null(answer["nodes"]![Samples.NodeB.Value]!["http"]);
    }

    [Theory]
    [InlineData("_local", "K")]
    [InlineData("node-s,nobody", "s")]
    [InlineData("nobody", "")]
    public async Task Nodes_Some_AreTold(string words, string firstLetters)
    {
        var nodes = JsonNode.Parse(await _host.OkAsync("GET", $"/_nodes/{words}"))!["nodes"]!.AsObject();

        Assert.Equal(firstLetters, string.Concat(nodes.Select(n => n.Key[0])));
    }

    [Theory]
    [InlineData("/_nodes/_all/http", true)]
    [InlineData("/_nodes/http", true)]
    [InlineData("/_nodes/node-K,node-s/info/jvm,http", true)]
    [InlineData("/_nodes/_all/_all", true)]
    [InlineData("/_nodes/_all/os", false)]
    [InlineData("/_nodes/jvm,os", false)]
    public async Task Nodes_OneSection_IsToldOfThoseThatWereNamed(string path, bool isHttpTold)
    {
        var nodes = JsonNode.Parse(await _host.OkAsync("GET", path))!["nodes"]!.AsObject();

        Assert.Equal(2, nodes.Count);
        Assert.Equal(isHttpTold, nodes[Samples.NodeA.Value]!["http"] is not null);
    }

    [Theory]
    [InlineData("node-K", "node-K")]
    [InlineData("node-s,unknown/http", "node-s")]
    public async Task Nodes_NamedInThePath_AreToldAlone(string path, string name)
    {
        var nodes = JsonNode.Parse(await _host.OkAsync("GET", $"/_nodes/{path}"))!["nodes"]!.AsObject();

        Assert.Equal(name, (string?)Assert.Single(nodes).Value!["name"]);
    }

    [Fact]
    public async Task Health_EverythingServed_IsGreen()
    {
        Cluster.Answer<GetDeployments>(_ => new DeploymentsReply(true, [Deployment(NodeDeploymentStatus.Loaded)]));

        Assert.Equal(
            Samples.OneLine("""
                {"cluster_name":"mlcluster","status":"green","timed_out":false,"number_of_nodes":2,
                "number_of_data_nodes":1,"discovered_master":true,"discovered_cluster_manager":true,
                "active_primary_shards":1,"active_shards":1,"relocating_shards":0,"initializing_shards":0,
                "unassigned_shards":0,"delayed_unassigned_shards":0,"number_of_pending_tasks":0,
                "number_of_in_flight_fetch":0,"task_max_waiting_in_queue_millis":0,
                "active_shards_percent_as_number":100}
                """),
            await _host.OkAsync("GET", "/_cluster/health?wait_for_status=green&timeout=5s"));
    }

    [Fact]
    public async Task Health_WaitsUntilTheColourComes()
    {
        var asked = 0;
        Cluster.Answer<GetDeployments>(_ => new DeploymentsReply(
            true, [Deployment(++asked < 3 ? NodeDeploymentStatus.Loading : NodeDeploymentStatus.Loaded)]));

        await _host.OkAsync("GET", "/_cluster/health?wait_for_status=yellow&timeout=30s&level=cluster");

        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task Health_ColourDoesNotCome_TimesOut()
    {
        var (status, body) = await _host.SendAsync("GET", "/_cluster/health?wait_for_nodes=9&timeout=1ms");

        Assert.Equal(408, status);
        Assert.True((bool)JsonNode.Parse(body)!["timed_out"]!);
        Assert.Equal("red", (string?)JsonNode.Parse(body)!["status"]);
    }

    private static ModelDeployment Deployment(NodeDeploymentStatus status) => new(
        Samples.Model, "TEXT_EMBEDDING", ModelStatus.Deployed, true, [new NodeDeployment(Samples.NodeA, status, null)]);
}
