using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>A request of very many texts: others are served beside it, and it ends when its client does.</summary>
public sealed class BigRequestTests : IDisposable
{
    private const int Texts = 50_000;
    private const string TinyConfig =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    // The whole request is one group, which nothing but its withdrawal ends, and takes many seconds to run.
    private const string OneGroupAndSlow =
        """
        mlcluster.gateway.predict.max-group-tokens = 100000000
        mlcluster.ml.serving { workers = 1, max-tokens-per-forward = 64, max-queued-tokens = 100000000 }
        """;

    // What a message between nodes carries is less than all outputs of one document of the tiny model.
    private const string SmallFrames =
        """
        akka.remote.dot-netty.tcp.maximum-frame-size = 66 KiB
        mlcluster.gateway { chunk-segment-size = 2 KiB, predict.max-message-size = 1 KiB }
        """;

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Predict_ClientOfABigRequestGoesAway_SmallOnesAreServedAndTheRestIsNotRun()
    {
        var config = Path.Combine(_data.Path, "slow.hocon");
        await File.WriteAllTextAsync(config, OneGroupAndSlow);
        await using var node = await NodeProcess.StartAsync(_data.Path, "--config", config);
        var client = new MlClient(node.Http);
        var model = await client.UploadByChunksAsync(
            await File.ReadAllBytesAsync(Repository.TinyArchive("tiny-sentence-transformer.zip")), TinyConfig);
        Assert.Equal("COMPLETED", (string?)(await client.DeployAsync(model))["state"]);

        using var leaves = new CancellationTokenSource();
        using var body = new StringContent(BigBody(), Encoding.UTF8, "application/json");
        var big = node.Http.PostAsync($"/_plugins/_ml/models/{model}/_predict", body, leaves.Token);
        await MlClient.UntilAsync(
            async () => await NumberAsync(client, model, "queued_tokens") > 0, () => "the big request runs");

        Assert.Single(await client.EmbedAsync(model, "today is sunny"));
        Assert.True(
            await NumberAsync(client, model, "queued_tokens") > 0, "the big request was over before the small one");
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => big);

        await MlClient.UntilAsync(
            async () => await NumberAsync(client, model, "queued_tokens") == 0, () => "the queue is empty");
        Assert.Single(await client.EmbedAsync(model, "hello world"));
        Assert.InRange(await NumberAsync(client, model, "documents"), 1, Texts / 2);
    }

    [Fact]
    public async Task Predict_MoreThanAMessageCarriesToOrFromAnotherNode_Is413AtOnce()
    {
        var config = Path.Combine(_data.Path, "small.hocon");
        await File.WriteAllTextAsync(config, SmallFrames);
        await using var group = await NodeGroup.StartAsync(
            $"sqlite:{Path.Combine(_data.Path, "db")}", ["data,gateway", "ml"], "--config", config);
        var client = new MlClient(group.Nodes[0].Http);
        var model = await client.UploadByChunksAsync(
            await File.ReadAllBytesAsync(Repository.TinyArchive("tiny-sentence-transformer.zip")), TinyConfig);
        Assert.Equal("COMPLETED", (string?)(await client.DeployAsync(model))["state"]);
        var text = string.Concat(Enumerable.Repeat("good day ", 60));

        Assert.Contains("name the outputs that are needed in", await TooLargeAsync(text), StringComparison.Ordinal);
        Assert.Single(await client.EmbedAsync(model, text));
        Assert.Equal(3, (await client.EmbedAsync(model, text, text, text)).Length);
        Assert.Contains(
            "document 0 of text_docs has 3000 bytes",
            await TooLargeAsync(new string('x', 3000)),
            StringComparison.Ordinal);

        async Task<string> TooLargeAsync(string document)
        {
            var body = new JsonObject { ["text_docs"] = new JsonArray(document) };
            var (status, answer) = await client.SendAsync(
                "POST", $"/_plugins/_ml/models/{model}/_predict", body.ToJsonString());
            Assert.True(status == HttpStatusCode.RequestEntityTooLarge, $"{status} {answer}");
            return (string)answer["error"]!["reason"]!;
        }
    }

    private static string BigBody()
    {
        var text = string.Concat(Enumerable.Repeat("good day ", 30));
        return new JsonObject
        {
            ["text_docs"] = new JsonArray([.. Enumerable.Repeat(text, Texts).Select(t => JsonValue.Create(t))]),
            ["target_response"] = new JsonArray("sentence_embedding"),
        }.ToJsonString();
    }

    private static async Task<long> NumberAsync(MlClient client, string model, string field)
    {
        var profile = await client.OkAsync("GET", $"/_plugins/_ml/profile/models/{model}");
        return (long)profile["nodes"]!.AsObject().Single().Value!["models"]![model]![field]!;
    }
}
