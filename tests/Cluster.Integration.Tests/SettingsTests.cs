using System.Net;
using System.Text.Json.Nodes;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>Cluster settings that are set through one gateway and hold on every node, over restarts.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class SettingsTests(PostgresFixture postgres)
{
    private const string Path = "/_cluster/settings";

    [SkippableFact]
    public async Task Put_ThroughOneGateway_HoldsOnTheOthersAndOverRestarts()
    {
        await using var group = await NodeGroup.StartAsync(
            postgres.Server.NewDatabase(), ["data,gateway", "ml,gateway"]);
        MlClient first = new(group.Nodes[0].Http), second = new(group.Nodes[1].Http);
        var model = await first.UploadByChunksAsync(ClusterOperator.Archive, ClusterOperator.Config);

        await PutAsync(second, """
            {"persistent":{"plugins.ml_commons.max_model_on_node":0,
                           "plugins.ml_commons.allow_registering_model_via_url":false},
             "transient":{"plugins.ml_commons.allow_custom_deployment_plan":false}}
            """);

        // The other gateway refuses from its next request on, and so does the ml node.
        await RefusesAsync(first, "/models/_register", Register, "To upload custom model user needs to enable");
        await RefusesAsync(first, $"/models/{model}/_deploy", """{"node_ids":["x"]}""", "Don't allow custom");
        Assert.Contains("max_model_on_node", await DeployErrorAsync(first, model), StringComparison.Ordinal);

        // A node that comes back knows them when it is ready; the cluster lives on, so transient ones hold.
        await group.RestartAsync(1);
        second = new MlClient(group.Nodes[1].Http);
        await RefusesAsync(second, "/models/_register", Register, "To upload custom model user needs to enable");
        await RefusesAsync(second, $"/models/{model}/_deploy", """{"node_ids":["x"]}""", "Don't allow custom");

        await group.KillAsync(1);
        await group.RestartAsync(0);
        await group.RestartAsync(1);
        (first, second) = (new MlClient(group.Nodes[0].Http), new MlClient(group.Nodes[1].Http));
        await RefusesAsync(second, "/models/_register", Register, "To upload custom model user needs to enable");
        await RefusesAsync(second, $"/models/{model}/_deploy", """{"node_ids":["x"]}""", "no eligible node found");
        Assert.Empty((await second.OkAsync("GET", Path))["transient"]!.AsObject());

        await PutAsync(first, """{"persistent":{"plugins.ml_commons.*":null}}""");
        Assert.Empty((await second.OkAsync("GET", Path))["persistent"]!.AsObject());
        var task = await second.DeployAsync(model);
        Assert.True((string?)task["state"] == "COMPLETED", task.ToJsonString());
    }

    private const string Register =
        """
        {"name":"m","version":"1","model_format":"TORCH_SCRIPT","url":"http://127.0.0.1:1/m.zip","model_config":
         {"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}}
        """;

    private static async Task PutAsync(MlClient gateway, string body)
    {
        var answer = await gateway.OkAsync("PUT", Path, body);
        Assert.True((bool)answer["acknowledged"]!, answer.ToJsonString());
    }

    private static async Task RefusesAsync(MlClient gateway, string path, string body, string reason)
    {
        var (status, answer) = await gateway.SendAsync("POST", $"/_plugins/_ml{path}", body);
        Assert.True(status == HttpStatusCode.BadRequest, answer.ToJsonString());
        Assert.StartsWith(reason, (string?)answer["error"]!["reason"], StringComparison.Ordinal);
    }

    private static async Task<string> DeployErrorAsync(MlClient gateway, string model)
    {
        JsonNode task = await gateway.DeployAsync(model);
        Assert.True((string?)task["state"] == "FAILED", task.ToJsonString());
        return (string)task["error"]!;
    }
}
