using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Models;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Data.Models;

/// <summary>
/// Sees to it that every owed task is made and told its end. What was told is remembered here alone: after a restart it
/// is told again, which a task does not mind.
/// </summary>
internal sealed class TaskLedger(IActorContext context, ModelId model, ModelServices services)
{
    private readonly HashSet<TaskStep> _sent = [];
    private readonly HashSet<TaskStep> _told = [];
    private long _lastAsked;

    /// <summary>True once the task is durable.</summary>
    public bool Exists(ModelState state, TaskId task) =>
        _told.Contains(Creation(task)) || !state.Tasks.ContainsKey(task);

    /// <summary>Sends what is owed and can be sent; forgets what is owed no more.</summary>
    public void Pursue(ModelState state)
    {
        _sent.RemoveWhere(s => !state.Tasks.ContainsKey(s.TaskId));
        _told.RemoveWhere(s => !state.Tasks.ContainsKey(s.TaskId));
        foreach (var task in state.Tasks.Values)
        {
            Send(Creation(task.TaskId), () => CreationOf(state, task));
            if (_told.Contains(Creation(task.TaskId)))
            {
                SendOutcomes(task);
            }
        }
    }

    /// <summary>
    /// Asks each task whether it still awaits its end: a deployment in which nothing moves ends by its own deadline.
    /// </summary>
    public void AskAfter(ModelState state, long now)
    {
        if (now - _lastAsked < services.Options.TaskRetry.TotalMilliseconds)
        {
            return;
        }

        _lastAsked = now;
        foreach (var task in state.Tasks.Values.Where(t => !t.IsDecided && _told.Contains(Creation(t.TaskId))))
        {
            services.Tasks.Tell(new GetTask(task.TaskId), context.Self);
        }
    }

    /// <summary>A task has it.</summary>
    public void Told(TaskStep step) => _told.Add(step);

    /// <summary>A task that knows all there is to know; null: none.</summary>
    public TaskId? Settled(ModelState state) =>
        state.Tasks.Values.FirstOrDefault(t => t.IsDecided && StepsOf(t).All(_told.Contains))?.TaskId;

    private void SendOutcomes(OwedTask task)
    {
        foreach (var (node, error) in task.Outcomes)
        {
            Send(OutcomeOf(task.TaskId, node), () => new RecordNodeOutcome(task.TaskId, node, error));
        }

        if (task.Finished)
        {
            Send(EndOf(task.TaskId), () => new FinishTask(task.TaskId, model, task.Error));
        }
    }

    private void Send(TaskStep step, Func<ITaskCommand> message)
    {
        if (_sent.Add(step))
        {
            context.ActorOf(TaskCourier.Props(services.Tasks, step, message(), services.Options.TaskRetry));
        }
    }

    private CreateTask CreationOf(ModelState state, OwedTask task)
    {
        var deploys = task.Type == TaskType.DeployModel;
        return new CreateTask(
            task.TaskId,
            model,
            task.Type,
            state.Spec?.FunctionName ?? "",
            deploys ? TaskStatus.Running : TaskStatus.Created,
            deploys ? task.Nodes : [services.NodeId],
            task.Dialect);
    }

    private static IEnumerable<TaskStep> StepsOf(OwedTask task) =>
    [
        Creation(task.TaskId),
        .. task.Outcomes.Keys.Select(n => OutcomeOf(task.TaskId, n)),
        .. task.Finished ? [EndOf(task.TaskId)] : Array.Empty<TaskStep>(),
    ];

    private static TaskStep Creation(TaskId task) => new(task, Creates: true);

    private static TaskStep OutcomeOf(TaskId task, NodeId node) => new(task, Creates: false, node);

    private static TaskStep EndOf(TaskId task) => new(task, Creates: false);
}
