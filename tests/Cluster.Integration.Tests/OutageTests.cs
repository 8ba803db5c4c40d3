using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>The database goes away under a running cluster and comes back.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class OutageTests(PostgresFixture postgres)
{
    private const string TinyConfig =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    // Longer than every budget of a request, the longest of which is 35 s, and than the waits of a load that failed.
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(60);

    private const string ColdConfig =
        """
        {"model_type":"bert","embedding_dimension":8,"framework_type":"huggingface_transformers","pooling_mode":"mean"}
        """;

    private readonly byte[] _coldArchive = File.ReadAllBytes(Repository.TinyArchive("tiny-huggingface.zip"));
    private readonly byte[] _archive = File.ReadAllBytes(Repository.TinyArchive("tiny-sentence-transformer.zip"));

    [SkippableFact]
    public async Task Outage_ClusterServes_PredictionsGoOnWritesAreRefusedAndAllResumes()
    {
        await using var files = await FileServer.StartAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));
        await using var group = await NodeGroup.StartAsync(
            postgres.Server.NewDatabase(), ["data,gateway", "data", "data", "ml"]);
        var client = new MlClient(group.Nodes[0].Http);
        var serving = await client.UploadByChunksAsync(_archive, TinyConfig);
        Assert.Equal("COMPLETED", (string?)(await client.DeployAsync(serving))["state"]);
        var half = await client.RegisterMetaAsync(_archive, 2, TinyConfig);
        var sent = await client.UploadChunkAsync(half, 1, _archive[(_archive.Length / 2)..]);
        Assert.Equal(HttpStatusCode.OK, sent.Status);
        var download = await client.OkAsync(
            "POST", "/_plugins/_ml/models/_register", MlClient.RegisterBody($"{files.Address}held.zip", TinyConfig));
        await MlClient.UntilAsync(() => Task.FromResult(files.HeldRequests == 1), () => "the download is under way");
        var cold = await client.UploadByChunksAsync(_coldArchive, ColdConfig);

        // The ml node hears of the load when there is no database to read the archive from.
        group.Nodes[3].Pause();
        var load = await client.OkAsync("POST", $"/_plugins/_ml/models/{cold}/_deploy");
        postgres.Server.Crash();
        group.Nodes[3].Resume();
        try
        {
            files.LetGo();
            await PredictAndWriteAsync(group.Nodes[0].Http, client, serving, half);
        }
        finally
        {
            postgres.Server.Go();
        }

        // Nobody has to ask twice once the database is back.
        await client.OkAsync("POST", "/_plugins/_ml/models/meta", MetaBody());
        await ResumeAsync(client, group, half, (string)download["task_id"]!);
        await LoadedAsync(client, group, (string)load["task_id"]!);
        Assert.Equal(HttpStatusCode.OK, (await PredictAsync(client, cold)).Status);
        await ServeAgainAsync(client, group, serving);
    }

    private async Task PredictAndWriteAsync(HttpClient http, MlClient client, string serving, string half)
    {
        var clock = Stopwatch.StartNew();
        do
        {
            Assert.Equal(HttpStatusCode.OK, (await PredictAsync(client, serving)).Status);
            await AssertRefusedAsync(http, "/_plugins/_ml/models/meta", MetaBody());
            await AssertRefusedAsync(http, $"/_plugins/_ml/models/{serving}/_deploy", null);
            var chunk = await client.UploadChunkAsync(half, 0, _archive[..(_archive.Length / 2)]);
            Assert.True(chunk.Status == HttpStatusCode.ServiceUnavailable, $"chunk → {chunk.Status} {chunk.Body}");
        }
        while (clock.Elapsed < Outage);
        Assert.Equal("red", (string?)(await client.OkAsync("GET", "/_cluster/health"))["status"]);
    }

    // Everything that was begun ends, and new work is taken.
    private async Task ResumeAsync(MlClient client, NodeGroup group, string half, string download)
    {
        await MlClient.UntilAsync(
            async () => (await client.UploadChunkAsync(half, 0, _archive[..(_archive.Length / 2)])).Status
                == HttpStatusCode.OK,
            () => $"chunks are taken again\n{group.Nodes[0].Output}");
        Assert.Equal("COMPLETED", (string?)(await client.DeployAsync(half))["state"]);
        var task = await client.FinishedTaskAsync(download);
        Assert.True((string?)task["state"] == "COMPLETED", $"download → {task}\n{group.Nodes[0].Output}");
    }

    private static async Task LoadedAsync(MlClient client, NodeGroup group, string load)
    {
        var task = await client.FinishedTaskAsync(load);
        Assert.True((string?)task["state"] == "COMPLETED", $"cold load → {task}\n{group.Nodes[3].Output}");
    }

    // The supervisor sees and wakes: a node that comes back gets its models.
    private static async Task ServeAgainAsync(MlClient client, NodeGroup group, string serving)
    {
        await group.RestartAsync(3);
        await MlClient.UntilAsync(
            async () => (await PredictAsync(client, serving)).Status == HttpStatusCode.OK,
            () => $"model {serving} serves again\n{group.Nodes[0].Output}");
        await MlClient.UntilAsync(
            async () => (string?)(await client.OkAsync("GET", "/_cluster/health"))["status"] != "red",
            () => $"the cluster is not red\n{group.Nodes[0].Output}");
    }

    private static Task<(HttpStatusCode Status, JsonNode Body)> PredictAsync(MlClient client, string model) =>
        client.SendAsync("POST", $"/_plugins/_ml/models/{model}/_predict", """{"text_docs":["today is sunny"]}""");

    private static string MetaBody() =>
        $$"""
        {"name":"m","version":"1","model_format":"TORCH_SCRIPT","model_config":{{TinyConfig}},
         "model_content_hash_value":"{{new string('a', 64)}}","total_chunks":1}
        """;

    private static async Task AssertRefusedAsync(HttpClient http, string path, string? json)
    {
        using var content = new StringContent(json ?? "", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(path, json is null ? null : content);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.ServiceUnavailable, $"{path} → {response.StatusCode} {body}");
        Assert.True(response.Headers.RetryAfter is not null, $"{path} names no Retry-After");
        Assert.Contains("the journal could not be", body, StringComparison.Ordinal);
    }
}
