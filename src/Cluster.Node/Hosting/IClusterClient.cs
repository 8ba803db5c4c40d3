using MlCluster.Messages;
using MlCluster.Messages.Settings;

namespace MlCluster.Node.Hosting;

/// <summary>The only place that asks actors: short attempts, retries within a budget, idempotent commands.</summary>
internal interface IClusterClient
{
    /// <summary>Asks the entity of a model; repeats the command until an answer comes or the budget is spent.</summary>
    /// <remarks>The answer that the owner's journal fails is an answer only after a budget of its own.</remarks>
    /// <exception cref="ClusterUnavailableException">No answer within the budget.</exception>
    Task<TReply> AskModelAsync<TReply>(IWithModelId command, CancellationToken cancellationToken);

    /// <summary>Asks the entity of a task; repeats likewise.</summary>
    /// <exception cref="ClusterUnavailableException">No answer within the budget.</exception>
    Task<TReply> AskTaskAsync<TReply>(IWithTaskId command, CancellationToken cancellationToken);

    /// <summary>Asks the entity of a model group, or of a name of groups; repeats likewise.</summary>
    /// <exception cref="ClusterUnavailableException">No answer within the budget.</exception>
    Task<TReply> AskModelGroupAsync<TReply>(IModelGroupMessage command, CancellationToken cancellationToken);

    /// <summary>Asks the owner of the cluster's settings; repeats likewise.</summary>
    /// <exception cref="ClusterUnavailableException">No answer within the budget.</exception>
    Task<ISettingsReply> AskSettingsAsync(ChangeSettings command, CancellationToken cancellationToken);

    /// <summary>Asks one actor by its path, once.</summary>
    /// <exception cref="ClusterUnavailableException">No answer within the time.</exception>
    Task<TReply> AskPathAsync<TReply>(
        string actorPath, IClusterProtocol message, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Tells one actor by its path, once; whether it arrives is not known.</summary>
    void TellPath(string actorPath, IClusterProtocol message);
}

/// <summary>The owner of something gave no answer in time: 503 with Retry-After.</summary>
internal sealed class ClusterUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException);
