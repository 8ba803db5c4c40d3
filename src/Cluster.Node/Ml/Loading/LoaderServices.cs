using MlCluster.Node.Ml.Content;
using MlCluster.Node.Ml.Rehearsal;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Ml.Loading;

/// <summary>What every load on this node shares.</summary>
internal sealed record LoaderServices(
    ContentCache Cache,
    ContentFetcher Fetcher,
    IContentUnpacker Unpacker,
    IRehearser Rehearser,
    RehearsalStore Rehearsals)
{
    public required ModelRuntimeSource Runtime { get; init; }

    public required MlOptions Options { get; init; }

    public required InFlightRequests InFlight { get; init; }

    public required LocalServing Local { get; init; }

    public required ServingGates Gates { get; init; }

    public required TimeProvider Time { get; init; }

    public required NodeMetrics Metrics { get; init; }

    /// <summary>Free space of the disk with the cache; null: unknown.</summary>
    public Func<long?> FreeDiskBytes { get; init; } = static () => null;

    /// <summary>Gives back the managed memory of a model that was unloaded; told whether others are served.</summary>
    public Func<bool, Task> ReturnMemory { get; init; } = UnloadedMemory.ReturnAsync;

    /// <summary>Most bytes of tensors of an answer that goes to another node.</summary>
    public required long MaxReplyBytes { get; init; }

    /// <summary>Requests that the times in the profile cover, as it is now.</summary>
    public required Func<int> KeptTimes { get; init; }
}
