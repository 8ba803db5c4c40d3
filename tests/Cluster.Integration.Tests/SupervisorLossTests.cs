using System.Diagnostics;
using System.Globalization;
using System.Net;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>A node dies without a word; the others go on, with the settings that are shipped.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class SupervisorLossTests(PostgresFixture postgres)
{
    private const int Models = 20;
    private const string TinyConfig =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task Kill_DataNodeThatHoldsTheSingletons_ControlRequestsGoOnInTime()
    {
        await using var group = await NodeGroup.StartAsync(
            postgres.Server.NewDatabase(), ["data", "data", "data", "gateway"]);
        var client = new MlClient(group.Nodes[3].Http);
        var before = await Task.WhenAll(Enumerable.Range(0, Models).Select(_ => RegisterAsync(client)));
        var oldest = await SupervisorAsync(group);

        await group.KillAsync(oldest);
        var clock = Stopwatch.StartNew();

        // More of each than a node has shards: some belonged to the one that is gone.
        await Task.WhenAll(before.Select(m => client.OkAsync("GET", $"/_plugins/_ml/models/{m}")));
        var read = clock.Elapsed;
        await Task.WhenAll(before.Select(_ => RegisterAsync(client)));
        var written = clock.Elapsed;
        await MlClient.UntilAsync(
            async () => (string?)(await client.OkAsync("GET", "/_cluster/health"))["status"] == "green",
            () => $"the supervisor is back\n{group.Nodes[3].Output}");
        Assert.True(
            clock.Elapsed < Promised,
            $"all models answered after {read}, registrations after {written}, the supervisor after {clock.Elapsed}");
    }

    private static async Task<string> RegisterAsync(MlClient client) => (string)(await client.OkAsync(
        "POST",
        "/_plugins/_ml/models/meta",
        $$"""
        {"name":"m","version":"1","model_format":"TORCH_SCRIPT","model_config":{{TinyConfig}},
         "model_content_hash_value":"{{new string('a', 64)}}","total_chunks":1}
        """))["model_id"]!;

    private static async Task<int> SupervisorAsync(NodeGroup group)
    {
        using var answer = await group.Nodes[3].Http.GetAsync("/_cat/nodes?h=cluster_manager,name");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var rows = (await answer.Content.ReadAsStringAsync()).Split('\n');
        var name = rows.Single(r => r.StartsWith('*')).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return int.Parse(name["node-".Length..], CultureInfo.InvariantCulture);
    }
}
