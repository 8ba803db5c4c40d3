using MlCluster.Compose;

namespace MlCluster.Integration.Tests.Support;

/// <summary>One cluster with two gateways for the tests of a class; each leaves it as it found it.</summary>
public class ServingCluster : IAsyncLifetime
{
    private Task<ComposeCluster>? _cluster;

    /// <summary>The cluster, started by the first test; skips where there can be none.</summary>
    public Task<ComposeCluster> StartedAsync() => _cluster ??= ComposeCluster.StartAsync(Change);

    /// <inheritdoc />
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        if (_cluster is { IsCompletedSuccessfully: true })
        {
            await (await _cluster).DisposeAsync();
        }
    }

    /// <summary>What is otherwise than in the file.</summary>
    protected virtual ComposeOptions Change(ComposeOptions options) => options with
    {
        Scale = new Dictionary<string, int>(StringComparer.Ordinal) { ["gateway"] = 2 },
    };
}

/// <summary>The same with the failure detector as shipped, for tests of how soon a death is noticed.</summary>
public sealed class AlertCluster : ServingCluster
{
    /// <inheritdoc />
    protected override ComposeOptions Change(ComposeOptions options) =>
        base.Change(options) with { Environment = new Dictionary<string, string>() };
}
