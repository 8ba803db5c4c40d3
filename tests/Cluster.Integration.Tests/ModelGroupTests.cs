using System.Net;
using System.Text.Json.Nodes;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>Model groups, changes of models and rate limits on real nodes, over a restart.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class ModelGroupTests(PostgresFixture postgres)
{
    private const string Groups = "/_plugins/_ml/model_groups";
    private const string Models = "/_plugins/_ml/models";
    private const string Predict = """{"text_docs":["today is sunny"]}""";

    [Fact]
    public async Task GroupsAndRules_OverARestart_AreWhatTheyWere()
    {
        using var data = new TemporaryFolder();
        string group, grouped, byName;
        await using (var node = await StartAsync(data))
        {
            var client = new MlClient(node.Http);
            group = (string)(await client.OkAsync(
                "POST", $"{Groups}/_register", """{"name":"mine","description":"first"}"""))["model_group_id"]!;
            grouped = await RegisterAsync(client, $"""
                ,"model_group_id":"{group}"
                """);
            byName = await RegisterAsync(client);
            var again = await RegisterAsync(client);

            Assert.Equal((group, "1"), await PlaceAsync(client, grouped));
            var (ofName, version) = await PlaceAsync(client, byName);
            Assert.Equal("1", version);
            Assert.NotEqual(group, ofName);
            Assert.Equal((ofName, "2"), await PlaceAsync(client, again));
            Assert.Equal("m", (string?)(await client.OkAsync("GET", $"{Groups}/{ofName}"))["name"]);

            await client.OkAsync("PUT", $"{Groups}/{group}", """{"name":"ours","description":"second"}""");
            await RefusedAsync(
                client, HttpStatusCode.Conflict, "DELETE", $"{Groups}/{group}", null, "Cannot delete the model group");
            await client.OkAsync("PUT", $"{Models}/{again}", $$"""{"model_group_id":"{{group}}","name":"moved"}""");
            Assert.Equal((group, "2"), await PlaceAsync(client, again));
            await client.OkAsync("DELETE", $"{Models}/{again}");

            await client.DeployAsync(byName);
            await client.OkAsync("PUT", $"{Models}/{byName}", """{"is_enabled":false}""");
            await RefusedAsync(
                client, HttpStatusCode.Forbidden, "POST", $"{Models}/{byName}/_predict", Predict, "Model is disabled.");
            await client.OkAsync(
                "POST",
                $"/_plugins/_ml/controllers/{byName}",
                """{"user_rate_limiter":{"u":{"limit":4,"unit":"HOURS"}}}""");
        }

        await using (var node = await StartAsync(data))
        {
            var client = new MlClient(node.Http);
            var document = await client.OkAsync("GET", $"{Groups}/{group}");
            Assert.Equal(
                ("ours", "second", 2, "public"),
                ((string)document["name"]!, (string)document["description"]!, (int)document["latest_version"]!,
                    (string)document["access"]!));
            await RefusedAsync(
                client, HttpStatusCode.BadRequest, "POST", $"{Groups}/_register", """{"name":"ours"}""",
                $"The name you provided is already being used by a model group with ID: {group}");
            await client.OkAsync("POST", $"{Groups}/_register", """{"name":"mine"}""");

            await RulesHoldAgainAsync(client, byName);

            await client.OkAsync("DELETE", $"{Models}/{grouped}");
            await client.OkAsync("DELETE", $"{Groups}/{group}");
            await RefusedAsync(
                client, HttpStatusCode.NotFound, "GET", $"{Groups}/{group}", null, "Failed to find model group");
            await MlClient.UntilAsync(
                async () => (int)(await client.OkAsync(
                    "POST", $"{Groups}/_search", """{"query":{"match_all":{}}}"""))["hits"]!["total"]!["value"]! == 2,
                () => "the groups m and mine are found, and no other");
        }
    }

    [SkippableFact]
    public async Task Update_ThroughOneGateway_HoldsForTheNextRequestThroughAnother()
    {
        await using var group = await NodeGroup.StartAsync(
            postgres.Server.NewDatabase(), ["data,gateway", "ml,gateway"]);
        MlClient first = new(group.Nodes[0].Http), second = new(group.Nodes[1].Http);
        var model = await first.UploadByChunksAsync(ClusterOperator.Archive, ClusterOperator.Config);
        await first.DeployAsync(model);
        await first.UntilServesAsync(model, () => group.Nodes[0].Output);
        await second.UntilServesAsync(model, () => group.Nodes[1].Output);

        for (var round = 0; round < 3; round++)
        {
            await second.OkAsync("PUT", $"{Models}/{model}", """{"is_enabled":false}""");
            foreach (var gateway in new[] { first, second })
            {
                await RefusedAsync(
                    gateway, HttpStatusCode.Forbidden, "POST", $"{Models}/{model}/_predict", Predict,
                    "Model is disabled.");
            }

            await first.OkAsync("PUT", $"{Models}/{model}", """{"is_enabled":true}""");
            await first.OkAsync("POST", $"{Models}/{model}/_predict", Predict);
            await second.OkAsync("POST", $"{Models}/{model}/_predict", Predict);
        }

        // It restarts under the rules of then.
        await first.OkAsync("PUT", $"{Models}/{model}", """{"is_enabled":false}""");
        await group.RestartAsync(1);
        await UntilRefusedAsync(first, model, "Model is disabled.");
        Assert.Equal("DEPLOYED", (string?)(await first.OkAsync("GET", $"{Models}/{model}"))["model_state"]);
    }

    // Many at once, all called the same: one group, and each its own version.
    [Fact]
    public async Task Register_ManyAtOnceOfOneName_AreVersionsOfOneGroup()
    {
        using var data = new TemporaryFolder();
        await using var node = await StartAsync(data);
        var client = new MlClient(node.Http);

        var models = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RegisterAsync(client)));

        var places = await Task.WhenAll(models.Select(m => PlaceAsync(client, m)));
        Assert.Single(places.Select(p => p.Group).Distinct());
        Assert.Equal(
            Enumerable.Range(1, models.Length),
            places.Select(p => int.Parse(p.Version, System.Globalization.CultureInfo.InvariantCulture)).Order());
    }

    private static async Task RulesHoldAgainAsync(MlClient client, string model)
    {
        await UntilRefusedAsync(client, model, "Model is disabled.");
        Assert.False((bool)(await client.OkAsync("GET", $"{Models}/{model}"))["is_enabled"]!);
        var controller = await client.OkAsync("GET", $"/_plugins/_ml/controllers/{model}");
        Assert.Equal("4", (string?)controller["user_rate_limiter"]!["u"]!["limit"]);

        await client.OkAsync(
            "PUT", $"{Models}/{model}", """{"is_enabled":true,"rate_limiter":{"limit":2,"unit":"HOURS"}}""");
        await client.OkAsync("POST", $"{Models}/{model}/_predict", Predict);
        await client.OkAsync("POST", $"{Models}/{model}/_predict", Predict);
        await RefusedAsync(
            client, HttpStatusCode.TooManyRequests, "POST", $"{Models}/{model}/_predict", Predict,
            "Request is throttled at model level.");
        await client.OkAsync("PUT", $"{Models}/{model}", """{"rate_limiter":{"limit":1000000,"unit":"SECONDS"}}""");
        await client.OkAsync("POST", $"{Models}/{model}/_predict", Predict);
    }

    // A node that comes back serves its models some time after it is ready.
    private static Task UntilRefusedAsync(MlClient client, string model, string reason)
    {
        JsonNode? answer = null;
        return MlClient.UntilAsync(
            async () =>
            {
                (_, answer) = await client.SendAsync("POST", $"{Models}/{model}/_predict", Predict);
                return (string?)answer["error"]?["reason"] == reason;
            },
            () => $"a prediction is refused with '{reason}'; it said {answer?.ToJsonString()}");
    }

    private static Task<NodeProcess> StartAsync(TemporaryFolder data) => NodeProcess.StartAsync(
        data.Path, "--allow-files", Path.Combine(Repository.Root, "tests/archives"));

    private static async Task<string> RegisterAsync(MlClient client, string more = "")
    {
        var url = $"file://{Repository.TinyArchive("tiny-sentence-transformer.zip")}";
        var body =
            $$"""
            {"name":"m","model_format":"TORCH_SCRIPT","model_config":{{ClusterOperator.Config}},"url":"{{url}}"{{more}}}
            """;
        var answer = await client.OkAsync("POST", $"{Models}/_register", body);
        var task = await client.FinishedTaskAsync((string)answer["task_id"]!);
        Assert.True((string?)task["state"] == "COMPLETED", task.ToJsonString());
        return (string)task["model_id"]!;
    }

    private static async Task<(string Group, string Version)> PlaceAsync(MlClient client, string model)
    {
        var document = await client.OkAsync("GET", $"{Models}/{model}");
        return ((string)document["model_group_id"]!, (string)document["model_version"]!);
    }

    private static async Task RefusedAsync(
        MlClient client, HttpStatusCode expected, string method, string path, string? body, string reason)
    {
        var (status, answer) = await client.SendAsync(method, path, body);
        Assert.True(status == expected, answer.ToJsonString());
        Assert.StartsWith(reason, (string?)answer["error"]!["reason"], StringComparison.Ordinal);
    }
}
