using System.Collections.Concurrent;
using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Routing;
using MlCluster.Messages.Settings;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Tests.Gateway.Support;

/// <summary>Stands for everything behind the gateway: records what it is asked and answers by script.</summary>
internal sealed class FakeCluster : IClusterClient, IClusterViewSource
{
    private readonly ConcurrentDictionary<Type, Func<object, CancellationToken, Task<object>>> _answers = new();

    private readonly AsyncLocal<string?> _path = new();

    private readonly TaskCompletionSource<(string Path, IClusterProtocol Message)> _told = new();

    /// <summary>Every name is free, and every group is there and has no version yet, until a test says otherwise.
    /// </summary>
    public FakeCluster()
    {
        Answer<ClaimGroupName>(c => new GroupNameHolder(c.Name, c.GroupId, c.Claim, 0));
        Answer<RegisterModelGroup>(c => new ModelGroupAccepted(c.GroupId));
        Answer<AssignVersion>(c => new VersionReply(c.GroupId, 1));
    }

    public ConcurrentQueue<object> Asked { get; } = new();

    public ConcurrentQueue<string> Paths { get; } = new();

    /// <summary>Where the question that a script is answering went; one of many at the same time.</summary>
    public string AskedPath => _path.Value ?? "";

    public ClusterView Current { get; set; } = ClusterView.Empty;

    /// <summary>True once a message that wants no answer was sent.</summary>
    public bool HasTold => _told.Task.IsCompleted;

    public T Single<T>() => Assert.Single(Asked.OfType<T>());

    public void Answer<TCommand>(Func<TCommand, object> answer) =>
        _answers[typeof(TCommand)] = (command, _) => Task.FromResult(answer((TCommand)command));

    public void AnswerLater<TCommand>(Func<TCommand, CancellationToken, Task<object>> answer) =>
        _answers[typeof(TCommand)] = (command, cancelled) => answer((TCommand)command, cancelled);

    /// <summary>The first message that wants no answer, and where it went.</summary>
    public Task<(string Path, IClusterProtocol Message)> FirstToldAsync() =>
        _told.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Publish(params NodeDeployments[] nodes) =>
        Current = new ClusterView(nodes.ToDictionary(n => n.NodeId), nodes.Length > 0 ? nodes[0].NodeId : null);

    public Task<TReply> AskModelAsync<TReply>(IWithModelId command, CancellationToken cancellationToken) =>
        AskAsync<TReply>(command, cancellationToken);

    public Task<TReply> AskTaskAsync<TReply>(IWithTaskId command, CancellationToken cancellationToken) =>
        AskAsync<TReply>(command, cancellationToken);

    public Task<TReply> AskModelGroupAsync<TReply>(IModelGroupMessage command, CancellationToken cancellationToken) =>
        AskAsync<TReply>(command, cancellationToken);

    public Task<ISettingsReply> AskSettingsAsync(ChangeSettings command, CancellationToken cancellationToken) =>
        AskAsync<ISettingsReply>(command, cancellationToken);

    public Task<TReply> AskPathAsync<TReply>(
        string actorPath, IClusterProtocol message, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Paths.Enqueue(actorPath);
        _path.Value = actorPath;
        return AskAsync<TReply>(message, cancellationToken);
    }

    public void TellPath(string actorPath, IClusterProtocol message) => _told.TrySetResult((actorPath, message));

    private async Task<TReply> AskAsync<TReply>(object command, CancellationToken cancellationToken)
    {
        Asked.Enqueue(command);
        return _answers.TryGetValue(command.GetType(), out var answer)
            ? (TReply)await answer(command, cancellationToken)
            : throw new ClusterUnavailableException($"nobody answers {command.GetType().Name}");
    }
}
