using Akka.Actor;
using Akka.Event;
using MlCluster.Messages;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Domain.Tasks;

namespace MlCluster.Node.Data.Tasks;

/// <summary>The entity of a task: what <see cref="TaskDecisions"/> decides becomes durable, then it answers.</summary>
internal sealed class TaskActor : EntityActor<ITaskEvent>
{
    private readonly TaskId _id;
    private readonly DataOptions _options;
    private readonly IClusterSettings _settings;
    private readonly TimeProvider _time;
    private TaskState _state = TaskState.Unknown;

    public TaskActor(TaskId id, DataOptions options, TimeProvider time, IClusterSettings settings)
        : base($"task-{id}", options.PassivateAfter)
    {
        _id = id;
        (_options, _settings) = (options, settings);
        _time = time;
        Command<ITaskCommand>(OnCommand);
    }

    protected override bool IsBusy => _state.IsOpen;

    /// <param name="settings">Null: the node's own configuration holds.</param>
    public static Props Props(
        TaskId id, DataOptions options, TimeProvider time, IClusterSettings? settings = null) =>
        Akka.Actor.Props.Create(() => new TaskActor(id, options, time, settings ?? NoSettings.Instance));

    // Late words about the task are still accepted and dropped.
    protected override bool StandsAlone(ITaskEvent e) => e is TaskDeleted;

    protected override void Apply(ITaskEvent e) => _state = TaskFold.Apply(_state, e);

    protected override IClusterProtocol Refusal(ProtocolError error) => new TaskRejected(_id, error);

    protected override void OnRecovered()
    {
        base.OnRecovered();
        _state = _state with { ResumedAt = Now() };
    }

    private void OnCommand(ITaskCommand command)
    {
        var caller = Sender;
        var timeout = _settings.Current.TaskTimeout(_options.Limits.TaskTimeout);
        var decision = TaskDecisions.Decide(_state, command, Now(), timeout);
        _state = decision.Live;
        Keep(decision.Events, caller, () =>
        {
            if (decision.Reply is { } reply)
            {
                caller.Tell(reply);
            }

            if (decision.Events is [.., TaskFinished end])
            {
                LogEnd(end);
            }
        });
    }

    private void LogEnd(TaskFinished end)
    {
        if (end.Error is null)
        {
            Log.Info("Task {0} of model {1}: {2}", _id, _state.Created?.OwnerId, end.Status);
        }
        else
        {
            Log.Warning("Task {0} of model {1}: {2}, {3}", _id, _state.Created?.OwnerId, end.Status, end.Error);
        }
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
