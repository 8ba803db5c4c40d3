using MlCluster.Messages;
using MlCluster.Messages.Tasks;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Domain.Tasks;

/// <summary>State + command → answer and events. A command sent twice acts once and is answered the same.</summary>
internal static class TaskDecisions
{
    /// <param name="now">Epoch milliseconds.</param>
    /// <param name="timeout">A deployment without progress for that long fails.</param>
    /// <exception cref="ArgumentException">The command is not known.</exception>
    public static TaskDecision Decide(TaskState state, ITaskCommand command, long now, TimeSpan timeout) =>
        command switch
        {
            CreateTask create => Create(state, create, now),
            ReportProgress report => Progress(state, report, now),
            RecordNodeOutcome outcome => NodeEnded(state, outcome, now),
            FinishTask finish => Finish(state, finish, now),
            GetTask get => Get(state, get),
            DeleteTask delete => Delete(state, delete, now),
            SweepTask sweep => Sweep(state, sweep, now, timeout),
            _ => throw new ArgumentException($"{command.GetType().Name} is not a command of tasks.", nameof(command)),
        };

    private static TaskDecision Create(TaskState state, CreateTask command, long now)
    {
        var isNew = state.Created is null && state.DeletedBy is null;
        return isNew ? Accept(state, command, CreatedBy(command, now)) : Accept(state, command);
    }

    private static TaskCreated CreatedBy(CreateTask c, long now) =>
        new(c.TaskId, c.OwnerId, c.Type, c.FunctionName, c.Status, c.WorkerNodes, c.Dialect, now);

    private static TaskDecision Progress(TaskState state, ReportProgress report, long now)
    {
        if (!state.IsOpen)
        {
            return new TaskDecision(null, [], state);
        }

        var live = TaskProgress.Take(state, report, now);
        return report.ModelId is { } model && state.ModelId is null
            ? new TaskDecision(null, [new TaskModelKnown(report.TaskId, model, now)], live)
            : new TaskDecision(null, [], live);
    }

    private static TaskDecision NodeEnded(TaskState state, RecordNodeOutcome command, long now)
    {
        var awaited = state.IsOpen
            && state.Created!.WorkerNodes.Contains(command.NodeId)
            && !state.Outcomes.ContainsKey(command.NodeId);
        if (!awaited)
        {
            return Accept(state, command);
        }

        var ended = new TaskNodeFinished(command.TaskId, command.NodeId, command.Error, now);
        var then = TaskFold.Apply(state, ended);
        return then.Outcomes.Count == state.Created!.WorkerNodes.Count
            ? Accept(state, command, ended, TaskOutcomes.EndOf(then, command.TaskId, now))
            : Accept(state, command, ended);
    }

    private static TaskDecision Finish(TaskState state, FinishTask command, long now)
    {
        var status = command.Error is null ? TaskStatus.Completed : TaskStatus.Failed;
        return state.IsOpen
            ? Accept(state, command, new TaskFinished(command.TaskId, status, command.ModelId, command.Error, now))
            : Accept(state, command);
    }

    private static TaskDecision Get(TaskState state, GetTask query) =>
        new(state.Exists ? TaskOutcomes.DocumentOf(state) : NotFound(query.TaskId), [], state);

    private static TaskDecision Delete(TaskState state, DeleteTask command, long now)
    {
        if (state.DeletedBy == command.CommandId)
        {
            return new TaskDecision(new TaskDeletedReply(command.TaskId, state.Version), [], state);
        }

        if (!state.Exists)
        {
            return new TaskDecision(NotFound(command.TaskId), [], state);
        }

        if (state.Status == TaskStatus.Running)
        {
            var error = new ProtocolError(
                ErrorCode.BadState, "Task cannot be deleted in running state. Try after some time.");
            return new TaskDecision(new TaskRejected(command.TaskId, error), [], state);
        }

        var deleted = new TaskDeleted(command.TaskId, command.CommandId, state.Version + 1, now);
        return new TaskDecision(new TaskDeletedReply(command.TaskId, deleted.Version), [deleted], state);
    }

    private static TaskDecision Sweep(TaskState state, SweepTask command, long now, TimeSpan timeout)
    {
        if (!state.IsOpen || now <= TaskDeadline.Of(state, timeout))
        {
            return new TaskDecision(null, [], state);
        }

        var reason = TaskOutcomes.TimeoutReason(TaskDeadline.LimitOf(state, timeout));
        return new TaskDecision(
            null, [new TaskFinished(command.TaskId, TaskStatus.Failed, null, reason, now)], state);
    }

    private static TaskRejected NotFound(TaskId task) =>
        new(task, new ProtocolError(ErrorCode.NotFound, "Failed to find task"));

    private static TaskDecision Accept(
        TaskState state, ITaskCommand command, params IReadOnlyList<ITaskEvent> events) =>
        new(new TaskAccepted(command.TaskId), events, state);
}
