using System.Net;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>The connections between two nodes break, and both live.</summary>
public sealed class BrokenLinkTests : IAsyncLifetime
{
    private const int Port = 4053;
    private const int Clients = 4;
    private const int Breaks = 3;
    private const int PredictionsBetweenBreaks = 40;
    private const string TinyConfig =
        """{"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}""";

    private readonly TemporaryFolder _data = new();
    private readonly Place _gateway = new();
    private readonly Place _ml = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _ml.DisposeAsync();
        _data.Dispose();
    }

    // What was under way is lost, and what is sent in the next seconds is dropped, in both directions.
    [Fact]
    public async Task Break_PredictionsUnderWayToTheOnlyReplica_AllAreAnswered()
    {
        await using var gateway = Launch(_gateway, "gateway", "data,gateway");
        await gateway.WaitUntilReadyAsync();
        await using var ml = Launch(_ml, "ml", "ml");
        await ml.WaitUntilReadyAsync();
        var client = new MlClient(gateway.Http);
        var archive = await File.ReadAllBytesAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));
        var model = await client.UploadByChunksAsync(archive, TinyConfig);
        Assert.Equal("COMPLETED", (string?)(await client.DeployAsync(model))["state"]);

        var answered = 0;
        using var stop = new CancellationTokenSource();
        var loads = Enumerable.Range(0, Clients).Select(_ => PredictAsync()).ToList();
        for (var i = 0; i < Breaks; i++)
        {
            var goal = Volatile.Read(ref answered) + PredictionsBetweenBreaks;
            await MlClient.UntilAsync(
                () => Task.FromResult(Volatile.Read(ref answered) >= goal || loads.Exists(l => l.IsCompleted)),
                () => $"{goal} predictions are answered");
            _ml.Relay.Break();
            _gateway.Relay.Break();
        }

        var last = Volatile.Read(ref answered) + PredictionsBetweenBreaks;
        await MlClient.UntilAsync(
            () => Task.FromResult(Volatile.Read(ref answered) >= last || loads.Exists(l => l.IsCompleted)),
            () => "predictions are answered after the last break");
        await stop.CancelAsync();
        await Task.WhenAll(loads);

        async Task PredictAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                Assert.Single(await client.EmbedAsync(model, "today is sunny"));
                Interlocked.Increment(ref answered);
            }
        }
    }

    private NodeProcess Launch(Place place, string name, string roles) => NodeProcess.Launch(
        new NodePlace([], place.Announced, place.Own),
        Path.Combine(_data.Path, name),
        "--name", name, "--roles", roles, "--db", $"sqlite:{Path.Combine(_data.Path, "db")}",
        "--bind", place.Own, "--port", "4053", "--seeds", $"{_gateway.Announced}:{Port}");

    /// <summary>Where a node listens, and where it says that it does.</summary>
    private sealed class Place : IAsyncDisposable
    {
        public Place() => Relay = new TcpRelay(
            IPAddress.Parse(Announced), new IPEndPoint(IPAddress.Parse(Own), Port), Port);

        public string Own { get; } = NodeProcess.NewAddress();

        public string Announced { get; } = NodeProcess.NewAddress();

        public TcpRelay Relay { get; }

        public ValueTask DisposeAsync() => Relay.DisposeAsync();
    }
}
