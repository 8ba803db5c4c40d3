using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>Nodes that start on one PostgreSQL database.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class PostgresStartTests(PostgresFixture postgres)
{
    private const string TinyConfig =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    [SkippableFact]
    public async Task Start_FiveNodesAtOnceOnAnEmptyDatabase_AllBecomeReadyAndShareIt()
    {
        await using var group = await NodeGroup.StartAsync(
            postgres.Server.NewDatabase(), ["data,gateway", "data", "data", "data", "data,gateway"]);

        var archive = await File.ReadAllBytesAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));
        var modelId = await new MlClient(group.Nodes[0].Http).UploadByChunksAsync(archive, TinyConfig);

        var other = new MlClient(group.Nodes[^1].Http);
        var model = await other.OkAsync("GET", $"/_plugins/_ml/models/{modelId}");
        Assert.Equal("UPLOADED", (string?)model["model_state"]);
        foreach (var output in group.Nodes.Select(n => n.Output))
        {
            Assert.DoesNotContain(postgres.Server.Password, output, StringComparison.Ordinal);
            Assert.DoesNotContain("exception", output, StringComparison.OrdinalIgnoreCase);
        }
    }

    [SkippableFact]
    public async Task Start_WrongPassword_EndsWithOneLineWithoutIt()
    {
        var wrong = postgres.Server.NewDatabase()
            .Replace(postgres.Server.Password, "not-the-secret", StringComparison.Ordinal);
        using var data = new TemporaryFolder();
        await using var node = NodeProcess.Launch(data.Path, "--db", wrong);

        Assert.Equal(2, await node.ExitAsync());

        Assert.StartsWith("mlcluster: postgresql database [test", node.Output, StringComparison.Ordinal);
        Assert.Contains("password authentication failed", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not-the-secret", node.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Kill_ModelOnPostgres_IsThereAfterTheRestart()
    {
        var database = postgres.Server.NewDatabase();
        using var data = new TemporaryFolder();
        var archive = await File.ReadAllBytesAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));
        string modelId;
        await using (var node = await NodeProcess.StartAsync(data.Path, "--db", database))
        {
            var client = new MlClient(node.Http);
            modelId = await client.UploadByChunksAsync(archive, TinyConfig);
            Assert.Equal("COMPLETED", (string?)(await client.DeployAsync(modelId))["state"]);
            await node.KillAsync();
        }

        await using var second = await NodeProcess.StartAsync(data.Path, "--db", database);
        var restarted = new MlClient(second.Http);
        await restarted.UntilServesAsync(modelId, () => second.Output);
    }
}
