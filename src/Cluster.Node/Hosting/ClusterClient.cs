using Akka.Actor;
using Akka.Hosting;
using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Models;
using MlCluster.Messages.Settings;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Data;

namespace MlCluster.Node.Hosting;

/// <inheritdoc cref="IClusterClient"/>
internal sealed class ClusterClient(
    ActorSystem system, IActorRegistry registry, ClusterClientOptions options, TimeProvider time) : IClusterClient
{
    /// <inheritdoc />
    public async Task<TReply> AskModelAsync<TReply>(IWithModelId command, CancellationToken cancellationToken)
    {
        var region = await registry.GetAsync<ModelRegion>(cancellationToken);
        return await AskOwnerAsync<TReply>(region, command, $"model {command.ModelId}", cancellationToken);
    }

    /// <inheritdoc />
    public async Task<TReply> AskTaskAsync<TReply>(IWithTaskId command, CancellationToken cancellationToken)
    {
        var region = await registry.GetAsync<TaskRegion>(cancellationToken);
        return await AskOwnerAsync<TReply>(region, command, $"task {command.TaskId}", cancellationToken);
    }

    /// <inheritdoc />
    public async Task<TReply> AskModelGroupAsync<TReply>(
        IModelGroupMessage command, CancellationToken cancellationToken)
    {
        var region = await registry.GetAsync<ModelGroupRegion>(cancellationToken);
        var entity = command is IWithModelGroupId { GroupId: var id } ? $"model group {id}" : "a name of model groups";
        return await AskOwnerAsync<TReply>(region, command, entity, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<ISettingsReply> AskSettingsAsync(ChangeSettings command, CancellationToken cancellationToken)
    {
        var proxy = await registry.GetAsync<SettingsProxy>(cancellationToken);
        return await AskOwnerAsync<ISettingsReply>(proxy, command, "the cluster", cancellationToken);
    }

    /// <inheritdoc />
    public async Task<TReply> AskPathAsync<TReply>(
        string actorPath, IClusterProtocol message, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await AskOnceAsync<TReply>(system.ActorSelection(actorPath), message, timeout, cancellationToken);
        }
        catch (AskTimeoutException e)
        {
            throw new ClusterUnavailableException(
                $"{actorPath} gave no answer to {message.GetType().Name} within {timeout.TotalSeconds} s; "
                + "send the request again later",
                e);
        }
    }

    /// <inheritdoc />
    public void TellPath(string actorPath, IClusterProtocol message) =>
        system.ActorSelection(actorPath).Tell(message, ActorRefs.NoSender);

    private async Task<TReply> AskOwnerAsync<TReply>(
        ICanTell region, IClusterProtocol command, string entity, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var attempts = 1; ; attempts++)
        {
            try
            {
                var reply = await AskOnceAsync<TReply>(region, command, options.AttemptTimeout, cancellationToken);
                if (!IsUnavailable(reply) || time.GetElapsedTime(started) >= options.UnavailableBudget)
                {
                    return reply;
                }
            }
            catch (AskTimeoutException e) when (time.GetElapsedTime(started) >= options.Budget)
            {
                throw new ClusterUnavailableException(NoAnswer(command, entity, attempts), e);
            }
            catch (AskTimeoutException)
            {
                // Lost on the way, or its owner is moving to another node.
            }

            await Task.Delay(options.RetryDelay, time, cancellationToken);
        }
    }

    // The owner is there and its journal was not: a broken connection is found out by using it, and mends itself.
    private static bool IsUnavailable<TReply>(TReply reply) => reply is
        ModelRejected { Error.Code: ErrorCode.Unavailable }
        or TaskRejected { Error.Code: ErrorCode.Unavailable }
        or ModelGroupRejected { Error.Code: ErrorCode.Unavailable }
        or GroupNameRejected { Error.Code: ErrorCode.Unavailable }
        or SettingsRejected { Error.Code: ErrorCode.Unavailable };

    private string NoAnswer(IClusterProtocol command, string entity, int attempts) =>
        $"no data node answered {command.GetType().Name} for {entity} within {options.Budget.TotalSeconds} s "
        + $"({attempts} attempts); send the request again later. GET /_cluster/health tells whether data nodes and "
        + "their database are there";

#pragma warning disable RS0030 // This is the one place that asks.
    private static async Task<TReply> AskOnceAsync<TReply>(
        ICanTell target, object message, TimeSpan timeout, CancellationToken cancellationToken) =>
        await target.Ask<object>(message, timeout, cancellationToken) switch
        {
            TReply reply => reply,
            Status.Failure failure => throw failure.Cause,
            var other => throw new InvalidOperationException(
                $"{other?.GetType().Name} came in answer to {message.GetType().Name}"),
        };
#pragma warning restore RS0030
}

/// <summary>Times of <see cref="ClusterClient"/>; <c>mlcluster.cluster-client</c> in HOCON.</summary>
/// <param name="AttemptTimeout">For the answer to one message.</param>
/// <param name="Budget">All attempts while nobody answers.</param>
/// <param name="UnavailableBudget">All attempts while the owner answers that its journal fails.</param>
/// <param name="RetryDelay">Between attempts.</param>
internal sealed record ClusterClientOptions(
    TimeSpan AttemptTimeout, TimeSpan Budget, TimeSpan UnavailableBudget, TimeSpan RetryDelay)
{
    public static ClusterClientOptions FromConfig(Akka.Configuration.Config config)
    {
        var section = config.GetConfig("mlcluster.cluster-client");
        return new ClusterClientOptions(
            section.GetTimeSpan("attempt-timeout"),
            section.GetTimeSpan("budget"),
            section.GetTimeSpan("unavailable-budget"),
            section.GetTimeSpan("retry-delay"));
    }
}
