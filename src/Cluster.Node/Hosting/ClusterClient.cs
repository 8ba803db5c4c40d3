using Akka.Actor;
using Akka.Hosting;
using MlCluster.Messages;
using MlCluster.Node.Data;

namespace MlCluster.Node.Hosting;

/// <inheritdoc cref="IClusterClient"/>
internal sealed class ClusterClient(
    ActorSystem system, IActorRegistry registry, ClusterClientOptions options, TimeProvider time) : IClusterClient
{
    /// <inheritdoc />
    public async Task<TReply> AskModelAsync<TReply>(IWithModelId command, CancellationToken cancellationToken) =>
        await AskWithRetriesAsync<TReply>(
            await registry.GetAsync<ModelRegion>(cancellationToken), command, cancellationToken);

    /// <inheritdoc />
    public async Task<TReply> AskTaskAsync<TReply>(IWithTaskId command, CancellationToken cancellationToken) =>
        await AskWithRetriesAsync<TReply>(
            await registry.GetAsync<TaskRegion>(cancellationToken), command, cancellationToken);

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
                $"{actorPath} gave no answer to {message.GetType().Name} within {timeout.TotalSeconds} s", e);
        }
    }

    /// <inheritdoc />
    public void TellPath(string actorPath, IClusterProtocol message) =>
        system.ActorSelection(actorPath).Tell(message, ActorRefs.NoSender);

    private async Task<TReply> AskWithRetriesAsync<TReply>(
        ICanTell target, IClusterProtocol command, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await AskOnceAsync<TReply>(target, command, options.AttemptTimeout, cancellationToken);
            }
            catch (AskTimeoutException e) when (time.GetElapsedTime(started) >= options.Budget)
            {
                throw new ClusterUnavailableException(
                    $"whoever answers {command.GetType().Name} could not be reached within "
                    + $"{options.Budget.TotalSeconds} s; retry later",
                    e);
            }
            catch (AskTimeoutException)
            {
                await Task.Delay(options.RetryDelay, time, cancellationToken);
            }
        }
    }

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
internal sealed record ClusterClientOptions(TimeSpan AttemptTimeout, TimeSpan Budget, TimeSpan RetryDelay)
{
    public static ClusterClientOptions FromConfig(Akka.Configuration.Config config)
    {
        var section = config.GetConfig("mlcluster.cluster-client");
        return new ClusterClientOptions(
            section.GetTimeSpan("attempt-timeout"), section.GetTimeSpan("budget"), section.GetTimeSpan("retry-delay"));
    }
}
