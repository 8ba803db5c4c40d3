using System.Text.Json.Nodes;

namespace MlCluster.Integration.Tests.Support;

/// <summary>
/// What clients of a split cluster were told on each side, and what all nodes must say of it afterwards.
/// </summary>
public sealed class SplitHistory
{
    private const int Victims = 40;

    private readonly SplitCluster _cluster;
    private readonly SplitWriter[] _writers;
    private readonly CancellationTokenSource _stop = new();

    private SplitHistory(SplitCluster cluster, string metaBody, string serving, string[] victims)
    {
        _cluster = cluster;
        MetaBody = metaBody;
        Serving = serving;
        _writers = [.. cluster.Nodes.Select(n => new SplitWriter(new MlClient(n.Http), metaBody, victims, serving))];
    }

    /// <summary>Body of a registration.</summary>
    public string MetaBody { get; }

    /// <summary>A model that is deployed on all nodes.</summary>
    public string Serving { get; }

    /// <summary>Deploys a model and registers others for the clients to remove.</summary>
    public static async Task<SplitHistory> BeginAsync(SplitCluster cluster, string modelConfig)
    {
        var client = new MlClient(cluster.Nodes[1].Http);
        var archive = await File.ReadAllBytesAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));
        var serving = await client.UploadByChunksAsync(archive, modelConfig);
        Assert.Equal("COMPLETED", (string?)(await client.DeployAsync(serving))["state"]);
        var metaBody =
            $$"""
            {"name":"m","version":"1","model_format":"TORCH_SCRIPT","model_config":{{modelConfig}},
             "model_content_hash_value":"{{new string('a', 64)}}","total_chunks":1}
            """;
        var victims = new string[Victims];
        for (var i = 0; i < Victims; i++)
        {
            victims[i] = (string)(await client.OkAsync("POST", "/_plugins/_ml/models/meta", metaBody))["model_id"]!;
        }

        return new SplitHistory(cluster, metaBody, serving, victims);
    }

    /// <summary>Lets a client of each node write until <see cref="StopAsync"/>.</summary>
    public Task WriteOnAllNodes() => Task.WhenAll(_writers.Select(w => Task.Run(() => w.WriteAsync(_stop.Token))));

    /// <summary>Waits until each of them was told that a model is registered.</summary>
    public Task WaitUntilWritingAsync() => MlClient.UntilAsync(
        () => Task.FromResult(_writers.All(w => w.Registered.Count > 0)), () => "the clients of each node write");

    /// <summary>Ends the clients; what they were told in between has to be plain.</summary>
    public async Task StopAsync(Task writing)
    {
        await _stop.CancelAsync();
        await writing;
        string[] wrong = [.. _writers.SelectMany(w => w.Wrong)];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        Assert.NotEmpty(_writers.SelectMany(w => w.Deleted));
        Assert.NotEmpty(_writers.SelectMany(w => w.Tasks));
    }

    /// <summary>Everything that was acknowledged is so, and every node says it in the same words.</summary>
    public async Task AssertOneTruthAsync()
    {
        await AssertSameAsync(
            _writers.SelectMany(w => w.Registered).Select(m => $"/_plugins/_ml/models/{m}"),
            a => a.StartsWith("OK", StringComparison.Ordinal));
        await AssertSameAsync(
            _writers.SelectMany(w => w.Deleted).Distinct(StringComparer.Ordinal)
                .Select(m => $"/_plugins/_ml/models/{m}"),
            a => a.StartsWith("NotFound", StringComparison.Ordinal));
        await AssertSameAsync(
            _writers.SelectMany(w => w.Tasks).Select(t => $"/_plugins/_ml/tasks/{t}"),
            a => a.Contains("\"COMPLETED", StringComparison.Ordinal)
                || a.Contains("\"FAILED\"", StringComparison.Ordinal));
        await AssertSameAsync(
            $"/_plugins/_ml/models/{Serving}",
            a => a.Contains("\"LOADED\"", StringComparison.Ordinal)
                || a.Contains("\"DEPLOYED\"", StringComparison.Ordinal));
        await AssertSameAsync("/_cluster/health", a => a.Contains("\"number_of_nodes\":3", StringComparison.Ordinal));
    }

    private Task AssertSameAsync(IEnumerable<string> paths, Func<string, bool> isRight) =>
        Parallel.ForEachAsync(paths, async (path, _) => await AssertSameAsync(path, isRight));

    // It may take a moment until all have heard of the node that came back.
    private async Task AssertSameAsync(string path, Func<string, bool> isRight)
    {
        string[] answers = [];
        await MlClient.UntilAsync(
            async () =>
            {
                answers = await Task.WhenAll(_cluster.Nodes.Select(n => AnswerAsync(n, path)));
                return answers.All(a => a == answers[0]) && isRight(answers[0]);
            },
            () => $"one right answer to {path} on every node; they said\n{string.Join('\n', answers)}");
    }

    private static async Task<string> AnswerAsync(NodeProcess node, string path)
    {
        var (status, body) = await new MlClient(node.Http).SendAsync("GET", path);
        return $"{status} {((JsonNode)body).ToJsonString()}";
    }
}
