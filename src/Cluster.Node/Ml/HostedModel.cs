using Akka.Actor;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Routing;
using MlCluster.Node.Ml.Content;
using MlCluster.Node.Ml.Serving;

namespace MlCluster.Node.Ml;

/// <summary>One model on this node as the host knows it.</summary>
/// <param name="Command">The newest command that wants it.</param>
internal sealed record HostedModel(LoadModel Command, ModelStage Stage)
{
    /// <summary>Whether its content was on disk when it was wanted; null: nobody has looked yet, it waits for that.
    /// </summary>
    public bool? IsCached { get; init; }

    /// <summary>What its content takes; null until a load has it on disk.</summary>
    public ContentSize? Content { get; init; }

    /// <summary>Bytes that its memory is reckoned by: an archive may pack its model small.</summary>
    public long ReckonedBytes => Math.Max(Command.SizeBytes, Content?.ModelBytes ?? 0);

    /// <summary>0–1 of the load, for its task.</summary>
    public float Progress { get; init; }

    /// <summary>Attempts that failed since the command.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>True when one of them was a rehearsal that took too long.</summary>
    public bool HasTimedOut { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Error { get; init; }

    /// <summary>True when it failed because other models took the room.</summary>
    public bool NoRoom { get; init; }

    /// <summary>Null while queued and after a failure.</summary>
    public IActorRef? Loader { get; init; }

    /// <summary>What the routing says of it; null unless it is served.</summary>
    public ServedModel? Entry { get; init; }

    public ServingMonitor? Monitor { get; init; }

    /// <summary>The command that takes it away; null unless draining.</summary>
    public UnloadModel? Unload { get; init; }

    /// <summary>Wanted again while it still drains.</summary>
    public LoadModel? Next { get; init; }

    /// <summary>Who waits for the word that it is gone.</summary>
    public IReadOnlyList<IActorRef> Waiting { get; init; } = [];

    /// <summary>As the log calls it. Nobody waits for a load after a restart, so that has no task.</summary>
    public string Name => $"model {Command.ModelId}, task {Command.TaskId?.Value ?? "none"}";

    public NodeDeploymentStatus Status => Stage switch
    {
        ModelStage.Serving => NodeDeploymentStatus.Loaded,
        ModelStage.Failed => NodeDeploymentStatus.Failed,
        _ => NodeDeploymentStatus.Loading,
    };

    /// <param name="mostPredictions">Predictions under way that are told of at most.</param>
    public ModelProfile Profile(int mostPredictions = 0) => new(
        Command.ModelId,
        Stage,
        Command.Spec.FunctionName,
        Command.SizeBytes,
        Stage == ModelStage.Failed ? Error : null,
        Monitor?.Profile())
    {
        ModelFormat = Command.Spec.ModelFormat,
        Predictions = mostPredictions > 0 && Monitor is { } monitor ? monitor.Running.List(mostPredictions) : [],
        IdleMilliseconds = Stage == ModelStage.Serving ? Monitor?.IdleMilliseconds : null,
    };
}
