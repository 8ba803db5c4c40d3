using Akka.Actor;
using MlCluster.Messages.Loading;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Routing;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Ml;

/// <summary>What the host needs of the node around it.</summary>
/// <param name="Loader">Makes the child that loads a model.</param>
/// <param name="ModelRegion">Where ModelActors are reached.</param>
/// <param name="TaskRegion">Where TaskActors are reached.</param>
internal sealed record HostSetup(
    MlOptions Options,
    Func<LoadModel, Props> Loader,
    IActorRef ModelRegion,
    IActorRef TaskRegion,
    LocalNode Local)
{
    /// <summary>Settings of the cluster; the node's own configuration holds where none is set.</summary>
    public IClusterSettings Settings { get; init; } = NoSettings.Instance;

    /// <summary>Limits as they are now.</summary>
    public HostLimits Limits => Options.Limits.With(Settings.Current);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Free space of the disk with the data folder; null: unknown. Called on threads of their own.</summary>
    public required Func<long?> FreeDiskBytes { get; init; }

    /// <summary>Tells whether the content of a SHA-256 is on disk already. Called on threads of their own.</summary>
    public required Func<string, bool> IsCached { get; init; }

    public required ServingGates Gates { get; init; }

    public required NodeHealth Health { get; init; }

    public required NodeMetrics Metrics { get; init; }

    /// <summary>Counts what is asked of this node with a model.</summary>
    /// <param name="action">One of <see cref="ActionNames"/>.</param>
    public ActionCounter Counter(LoadModel command, string action) =>
        Metrics.Actions.Of(command.Spec.FunctionName, command.ModelId, action);

    /// <summary>Removes content that the cache has no room for. Called on a thread of its own.</summary>
    public required Action TrimCache { get; init; }

    /// <summary>
    /// Removes so many bytes of content that nobody uses, but for that of a SHA-256. Called on a thread of its own.
    /// </summary>
    public required Action<long, string> MakeRoom { get; init; }
}
