using System.Net;
using System.Text.Json.Nodes;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;
using Npgsql;

namespace MlCluster.Integration.Tests;

/// <summary>
/// The network between three data nodes is cut while clients write on both sides and both reach the database, the
/// hardest case: the smaller side ends itself, nothing is decided twice, and after healing all nodes tell one truth.
/// </summary>
[Collection(PostgresFixture.Collection)]
public sealed class SplitTests(PostgresFixture postgres)
{
    private const string TinyConfig =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    [SkippableFact]
    public Task Split_OneDataNodeCutOff_EndsItselfAndJoinsAgain() => SplitAsync(cutOff: 2);

    // The first seed is the one that may form a cluster; started again by its supervisor, it must not.
    [SkippableFact]
    public Task Split_FirstSeedWithModelsCutOff_EndsItselfFormsNoClusterAndJoinsAgain() => SplitAsync(cutOff: 0);

    private async Task SplitAsync(int cutOff)
    {
        await using var network = await SplitNetwork.BuildAsync(machines: 3);
        await using var cluster = await SplitCluster.StartAsync(
            network, postgres.Server, ["data,ml,gateway", "data,ml,gateway", "data,gateway"]);
        var history = await SplitHistory.BeginAsync(cluster, TinyConfig);

        var writing = history.WriteOnAllNodes();
        await history.WaitUntilWritingAsync();
        await network.CutAsync(cutOff);
        Assert.Equal(3, await cluster.Nodes[cutOff].ExitAsync());
        Assert.Contains(
            "mlcluster: this node was downed", cluster.Nodes[cutOff].Output, StringComparison.Ordinal);
        await cluster.LaunchAgainAsync(cutOff);
        await AssertRefusesAsync(cluster, cutOff, history);
        await AssertGoesOnAsync(cluster, (cutOff + 1) % 3, history);
        await history.StopAsync(writing);

        await network.HealAsync();
        await cluster.Nodes[cutOff].WaitUntilReadyAsync();
        await history.AssertOneTruthAsync();
        await AssertOneWriterAtATimeAsync(cluster.Database);
    }

    // Alive, out of the cluster, and says so.
    private static async Task AssertRefusesAsync(SplitCluster cluster, int index, SplitHistory history)
    {
        var node = cluster.Nodes[index];
        await node.WaitUntilPrintedAsync("is not ready: cluster: no seed has let this node in yet");
        var client = new MlClient(node.Http);
        var ready = await client.SendAsync("GET", "/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
        var write = await client.SendAsync("POST", "/_plugins/_ml/models/meta", history.MetaBody);
        Assert.True(write.Status == HttpStatusCode.ServiceUnavailable, $"write → {write.Status} {write.Body}");
        Assert.Contains("no seed has let", node.Output, StringComparison.Ordinal);
    }

    private static async Task AssertGoesOnAsync(SplitCluster cluster, int index, SplitHistory history)
    {
        var client = new MlClient(cluster.Nodes[index].Http);
        foreach (var _ in Enumerable.Range(0, 10))
        {
            var last = default((HttpStatusCode Status, JsonNode Body));
            await MlClient.UntilAsync(
                async () =>
                {
                    last = await client.SendAsync("POST", "/_plugins/_ml/models/meta", history.MetaBody);
                    return last.Status == HttpStatusCode.OK;
                },
                () => $"the greater side takes writes; it said {last}");
        }

        Assert.Single(await client.EmbedAsync(history.Serving, "today is sunny"));
    }

    // An entity that lived on both sides shows as a writer that comes back after another one.
    private static async Task AssertOneWriterAtATimeAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        const string twice =
            """
            WITH turns AS (
              SELECT persistence_id, sequence_number, ordering, writer_uuid,
                lag(writer_uuid) OVER w AS before, lag(ordering) OVER w AS ordering_before,
                lag(sequence_number) OVER w AS number_before
              FROM journal WINDOW w AS (PARTITION BY persistence_id ORDER BY sequence_number))
            SELECT persistence_id || ': a writer came back' FROM turns WHERE writer_uuid IS DISTINCT FROM before
              GROUP BY persistence_id, writer_uuid HAVING count(*) > 1
            UNION ALL SELECT persistence_id || ': number ' || sequence_number || ' was written before the one below'
              FROM turns WHERE ordering < ordering_before
            UNION ALL SELECT persistence_id || ': numbers are missing before ' || sequence_number
              FROM turns WHERE sequence_number <> number_before + 1
            UNION ALL SELECT 'no writer is known' WHERE NOT EXISTS (SELECT FROM journal WHERE writer_uuid <> '')
            """;
        await using var command = new NpgsqlCommand(twice, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync())
        {
            found.Add(reader.GetString(0));
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }
}
