using MlCluster.Chaos.Clients;

namespace MlCluster.Chaos.Load;

/// <summary>Uploads a model, deploys, predicts, undeploys, deletes; over and over.</summary>
/// <param name="client">Keeps the ledger.</param>
/// <param name="archives">To choose from.</param>
/// <param name="server">For uploads by URL.</param>
/// <param name="mlNodes">Names.</param>
internal sealed class ModelLives(
    MlClient client, IReadOnlyList<ArchiveKind> archives, ArchiveServer server, IReadOnlyList<string> mlNodes)
{
    private const double ChunkedShare = 0.6;
    private const double AbandonedShare = 0.2;
    private const double DeletedShare = 0.7;
    private const double EverywhereShare = 0.5;
    private const int MostChunks = 5;

    // With the steady ones and those of the running lives below max-models of a node.
    private readonly Quota _deployed = new(3);
    private readonly Quota _halfWay = new(8);
    private readonly Quota _registered = new(40);

    /// <summary>Lives until it is told to stop; a step that was begun is finished.</summary>
    public async Task RunAsync(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var archive = archives[random.Next(archives.Count)];
            var model = random.NextDouble() < ChunkedShare
                ? await UploadChunksAsync(archive, random, stop)
                : await client.RegisterUrlAsync(archive, server.UrlOf(archive));
            if (model is not null)
            {
                await LiveAsync(model, archive, random, stop);
            }

            await PauseAsync(random);
        }
    }

    // Null: the upload is left half-way.
    private async Task<string?> UploadChunksAsync(ArchiveKind archive, Random random, CancellationToken stop)
    {
        var chunks = Cut(archive.Bytes, random.Next(2, MostChunks + 1));
        if (await client.RegisterMetaAsync(archive, chunks.Length) is not { } model)
        {
            return null;
        }

        var order = Enumerable.Range(0, chunks.Length).ToArray();
        random.Shuffle(order);
        var abandonedAt = random.NextDouble() < AbandonedShare && _halfWay.TryTake()
            ? random.Next(1, chunks.Length)
            : chunks.Length;
        foreach (var number in order.Take(abandonedAt))
        {
            if (stop.IsCancellationRequested || !await client.ChunkAsync(model, number, chunks[number]))
            {
                return null;
            }

            await PauseAsync(random);
        }

        return abandonedAt == chunks.Length ? model : null;
    }

    /// <summary>The pieces of an archive, as equal as can be.</summary>
    public static byte[][] Cut(byte[] bytes, int pieces) =>
    [
        .. Enumerable.Range(0, pieces).Select(n =>
            bytes[(int)((long)bytes.Length * n / pieces)..(int)((long)bytes.Length * (n + 1) / pieces)]),
    ];

    private async Task LiveAsync(string model, ArchiveKind archive, Random random, CancellationToken stop)
    {
        string[] nodes = random.NextDouble() < EverywhereShare
            ? []
            : [.. mlNodes.OrderBy(_ => random.Next()).Take(random.Next(1, mlNodes.Count + 1))];
        if (!stop.IsCancellationRequested && await client.DeployAsync(model, nodes))
        {
            await PredictAsync(model, archive, random, stop);
            if (nodes.Length > 1 && random.Next(2) == 0 && await client.UndeployAsync(model, nodes[0]))
            {
                await PredictAsync(model, archive, random, stop);
            }
        }

        if (!stop.IsCancellationRequested && !_deployed.TryTake() && await UndeployAsync(model, random, stop))
        {
            await EndAsync(model, random);
        }
    }

    // One that was put off is asked for again: what stays deployed would fill the nodes.
    private async Task<bool> UndeployAsync(string model, Random random, CancellationToken stop)
    {
        while (!await client.UndeployAsync(model, null))
        {
            if (stop.IsCancellationRequested)
            {
                return false;
            }

            await PauseAsync(random);
        }

        return true;
    }

    private async Task EndAsync(string model, Random random)
    {
        await PauseAsync(random);
        if (random.NextDouble() < DeletedShare || !_registered.TryTake())
        {
            await client.DeleteAsync(model);
        }
    }

    private async Task PredictAsync(string model, ArchiveKind archive, Random random, CancellationToken stop)
    {
        for (var left = random.Next(2, 10); left > 0 && !stop.IsCancellationRequested; left--)
        {
            await client.PredictAsync(model, archive, [archive.Texts[random.Next(archive.Texts.Count)]]);
            await PauseAsync(random);
        }
    }

    private static Task PauseAsync(Random random) =>
        Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, 600)), TimeProvider.System);
}
