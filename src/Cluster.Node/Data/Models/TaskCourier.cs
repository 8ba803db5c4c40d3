using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Tasks;

namespace MlCluster.Node.Data.Models;

/// <summary>
/// Brings one message to one task: sends it until the task has it, tells the parent, ends. An actor of its own, so
/// that the answer to an earlier message is never taken for the answer to this one.
/// </summary>
internal sealed class TaskCourier : ReceiveActor, IWithTimers
{
    private readonly IActorRef _tasks;
    private readonly ITaskCommand _message;
    private readonly TimeSpan _retry;

    public TaskCourier(IActorRef tasks, TaskStep step, ITaskCommand message, TimeSpan retry)
    {
        _tasks = tasks;
        _message = message;
        _retry = retry;
        Receive<Tick>(_ => _tasks.Tell(_message));
        // A task that could not write it down refuses: it is told again.
        Receive<TaskRejected>(_ => { });
        Receive<TaskAccepted>(_ =>
        {
            Context.Parent.Tell(new TaskTold(step));
            Context.Stop(Self);
        });
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef tasks, TaskStep step, ITaskCommand message, TimeSpan retry) =>
        Akka.Actor.Props.Create(() => new TaskCourier(tasks, step, message, retry));

    /// <inheritdoc />
    protected override void PreStart()
    {
        _tasks.Tell(_message);
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _retry);
    }
}

/// <summary>One thing that a task is told.</summary>
/// <param name="Node">Whose outcome; null: the task's beginning, or its end.</param>
internal sealed record TaskStep(TaskId TaskId, bool Creates, NodeId? Node = null);

/// <summary>The task has it.</summary>
internal sealed record TaskTold(TaskStep Step) : INoSerializationVerificationNeeded;
