using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>Models on the nodes that an operator names, seen through any gateway.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class PlacementTests(ServingCluster cluster) : IClassFixture<ServingCluster>
{
    [SkippableFact]
    public async Task Deploy_OneNodeThenAnother_GrowsThePlanAndUnloadShrinksIt()
    {
        var (first, second) = await GatewaysAsync();
        var model = await first.UploadAsync();

        await first.DeployAsync(model, "ml-2");
        await AwaitEverywhereAsync(model, "DEPLOYED", "ml-2");
        await second.DeployAsync(model, "ml-1");
        await AwaitEverywhereAsync(model, "DEPLOYED", "ml-1", "ml-2");

        var ids = await first.NodesAsync();
        var answer = await UnloadAsync(second, model, ids["ml-2"]);
        Assert.Equal("undeployed", (string?)answer[ids["ml-2"]]!["stats"]![model]);
        await AwaitEverywhereAsync(model, "DEPLOYED", "ml-1");
        var again = await UnloadAsync(first, model, ids["ml-2"]);
        Assert.Equal("not_found", (string?)again[ids["ml-2"]]!["stats"]![model]);

        await first.RemoveAsync(model);
        var gone = await second.Client.SendAsync("GET", $"/_plugins/_ml/models/{model}");
        Assert.Equal(HttpStatusCode.NotFound, gone.Status);
    }

    [SkippableFact]
    public async Task Deploy_NoNodeNamed_IsOnAllAndAnswersTheSameThroughBothGateways()
    {
        var (first, second) = await GatewaysAsync();
        var model = await second.UploadAsync();

        await second.DeployAsync(model);

        await AwaitEverywhereAsync(model, "DEPLOYED", "ml-1", "ml-2");
        foreach (var golden in GoldenAnswer.Tiny())
        {
            golden.AssertEqual((await first.Client.EmbedAsync(model, golden.Text))[0]);
            golden.AssertEqual((await second.Client.EmbedAsync(model, golden.Text))[0]);
        }

        var path = $"/_plugins/_ml/models/{model}";
        Assert.Equal(
            (await first.Client.OkAsync("GET", path)).ToJsonString(),
            (await second.Client.OkAsync("GET", path)).ToJsonString());
        await first.RemoveAsync(model);
    }

    [SkippableFact]
    public async Task Deploy_UnknownOrIneligibleNodes_AreDroppedOrRefused()
    {
        var (first, second) = await GatewaysAsync();
        var model = await first.UploadAsync();
        var ids = await first.NodesAsync();
        var path = $"/_plugins/_ml/models/{model}/_deploy";

        foreach (var nobody in new[] { "no-such-node", ids["data-1"], ids["gateway-1"] })
        {
            var (status, body) = await second.Client.SendAsync("POST", path, ClusterOperator.NodeIds([nobody]));
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Equal("illegal_argument_exception", (string?)body["error"]!["type"]);
            Assert.StartsWith("no eligible node found", (string?)body["error"]!["reason"], StringComparison.Ordinal);
        }

        string[] some = ["no-such-node", ids["data-1"], ids["ml-1"]];
        var accepted = await first.Client.OkAsync("POST", path, ClusterOperator.NodeIds(some));
        var task = await first.Client.FinishedTaskAsync((string)accepted["task_id"]!);
        Assert.Equal("COMPLETED", (string?)task["state"]);
        Assert.Equal([ids["ml-1"]], task["worker_node"]!.AsArray().Select(n => (string?)n));
        await AwaitEverywhereAsync(model, "DEPLOYED", "ml-1");
        await first.RemoveAsync(model);
    }

    [SkippableFact]
    public async Task Nodes_ModelDeployed_ShowRolesDevicesMemoryAndModels()
    {
        var (first, second) = await GatewaysAsync();
        var model = await first.UploadAsync();
        await first.DeployAsync(model, "ml-1");

        foreach (var gateway in new[] { first.Client, second.Client })
        {
            await AssertCatAsync(gateway);
            await AssertNodesAsync(gateway);
            var profile = await gateway.OkAsync("GET", $"/_plugins/_ml/profile/models/{model}");
            var (_, node) = Assert.Single(profile["nodes"]!.AsObject());
            var served = node!["models"]![model]!;
            Assert.Equal(("serving", "cpu"), ((string?)served["stage"], (string?)served["device"]));
            Assert.True((long)served["memory_size_estimation_cpu"]! > 0, served.ToJsonString());
        }

        await first.RemoveAsync(model);
    }

    private static async Task AssertCatAsync(MlClient gateway)
    {
        // Nodes tell each other what they serve a moment after it is so.
        var rows = new JsonArray();
        await MlClient.UntilAsync(
            async () => (string?)Row(rows = await CatAsync(gateway), "ml-1")?["models"] == "1",
            () => $"ml-1 shows one model: {rows.ToJsonString()}");
        Assert.Equal(
            ["data-1", "data-2", "data-3", "gateway-1", "gateway-2", "ml-1", "ml-2"],
            rows.Select(r => (string?)r!["name"]).Order(StringComparer.Ordinal));
        var (ml, data) = (Row(rows, "ml-1")!, Row(rows, "data-1")!);
        Assert.Equal(("ml", "cpu"), ((string?)ml["node.roles"], (string?)ml["devices"]));
        Assert.True(Number(ml["device.memory"]) > 1L << 28, ml.ToJsonString());
        Assert.Equal(("data", "d"), ((string?)data["node.roles"], (string?)data["node.role"]));
        Assert.Equal(("-", "0"), ((string?)data["devices"], (string?)data["models"]));
        Assert.All(
            rows.SelectMany(r => new[] { "heap.percent", "ram.percent", "cpu" }.Select(c => r![c])),
            percent => Assert.InRange(Number(percent), 0, 100));
        Assert.DoesNotContain("-", rows.Select(r => (string?)r!["load_1m"]));
    }

    private static async Task<JsonArray> CatAsync(MlClient gateway) => (await gateway.OkAsync(
        "GET", "/_cat/nodes?format=json&h=name,node.role,node.roles,devices,device.memory,models,"
        + "heap.percent,ram.percent,cpu,load_1m")).AsArray();

    private static JsonNode? Row(JsonArray rows, string name) => rows.SingleOrDefault(r => (string?)r!["name"] == name);

    private static async Task AssertNodesAsync(MlClient gateway)
    {
        var nodes = (await gateway.OkAsync("GET", "/_nodes"))["nodes"]!.AsObject();
        Assert.Equal(7, nodes.Count);
        var ml = nodes.Single(n => (string?)n.Value!["name"] == "ml-1").Value!;
        Assert.Equal("cpu", (string?)ml["attributes"]!["devices"]);
        Assert.True(Number(ml["attributes"]!["device_memory_in_bytes"]) > 1L << 28, ml.ToJsonString());
    }

    private static long Number(JsonNode? text) => long.Parse((string)text!, CultureInfo.InvariantCulture);

    private static async Task<JsonNode> UnloadAsync(ClusterOperator gateway, string model, string node) =>
        await gateway.Client.OkAsync(
            "POST", $"/_plugins/_ml/models/{model}/_undeploy", ClusterOperator.NodeIds([node]));

    private async Task AwaitEverywhereAsync(string model, string state, params string[] nodes)
    {
        var (first, second) = await GatewaysAsync();
        await first.AwaitAsync(model, state, nodes);
        await second.AwaitAsync(model, state, nodes);
    }

    private async Task<(ClusterOperator First, ClusterOperator Second)> GatewaysAsync()
    {
        var started = await cluster.StartedAsync();
        return (new ClusterOperator(started["gateway-1"]), new ClusterOperator(started["gateway-2"]));
    }
}
