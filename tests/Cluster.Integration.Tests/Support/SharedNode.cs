namespace MlCluster.Integration.Tests.Support;

/// <summary>One node for all tests over bad input: surviving them together is part of what they show.</summary>
public sealed class SharedNode : IAsyncLifetime
{
    /// <summary>Name of the xunit collection.</summary>
    public const string Collection = "one node";

    // Deadlines as short as a test may wait; everything else as shipped.
    private const string ShortDeadlines =
        """
        mlcluster.ml.serving.forward-timeout = 2s
        mlcluster.ml.rehearsal.timeout = 20s
        mlcluster.data.uploads.silence-timeout = 1s
        mlcluster.ml.load-retry-delays = []
        """;

    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _files = new();

    /// <summary>The process.</summary>
    public NodeProcess Node { get; private set; } = null!;

    /// <summary>A folder that <c>file://</c> may read.</summary>
    public string Files => _files.Path;

    /// <summary>A client of it.</summary>
    public MlClient Client { get; private set; } = null!;

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        var config = Path.Combine(_data.Path, "short.hocon");
        await File.WriteAllTextAsync(config, ShortDeadlines);
        Node = await NodeProcess.StartAsync(
            _data.Path,
            "--config", config,
            "--allow-files", Path.Combine(Repository.Root, "tests", "archives"),
            "--allow-files", Files);
        Client = new MlClient(Node.Http);
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        await Node.DisposeAsync();
        _data.Dispose();
        _files.Dispose();
    }

    /// <summary>Asks for readiness: what every bad input must leave standing.</summary>
    public async Task AssertAliveAsync()
    {
        using var ready = await Node.Http.GetAsync("/health/ready");
        Assert.True(ready.IsSuccessStatusCode, await ready.Content.ReadAsStringAsync());
    }
}

[CollectionDefinition(SharedNode.Collection)]
public sealed class SharedNodeDefinition : ICollectionFixture<SharedNode>;
