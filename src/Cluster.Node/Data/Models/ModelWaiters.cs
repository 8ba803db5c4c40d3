using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Data.Models;

/// <summary>Callers whose answer needs more than a persisted event.</summary>
internal sealed class ModelWaiters
{
    private readonly Dictionary<TaskId, HashSet<IActorRef>> _tasks = [];
    private readonly Dictionary<CommandId, HashSet<IActorRef>> _undeployments = [];
    private readonly Dictionary<CommandId, long> _seen = [];
    private readonly List<(IModelReply Reply, IActorRef Caller)> _updates = [];

    /// <summary>Answers now, or when there is what the answer waits for.</summary>
    public void Answer(Answer answer, IActorRef caller)
    {
        switch (answer)
        {
            case Domain.Models.Answer.Now now:
                caller.Tell(now.Reply);
                break;
            case Domain.Models.Answer.WhenTaskExists wait:
                Add(_tasks, wait.TaskId, caller);
                break;
            case Domain.Models.Answer.WhenUndeployed wait:
                Add(_undeployments, wait.CommandId, caller);
                break;
            case Domain.Models.Answer.WhenRulesApply wait:
                _updates.Add((wait.Reply, caller));
                break;
        }
    }

    /// <summary>Answers those whose task exists.</summary>
    public void AnswerTasks(ModelId model, Func<TaskId, bool> exists, IActorRef self)
    {
        foreach (var task in _tasks.Keys.Where(exists).ToList())
        {
            Release(_tasks, task, new ModelAccepted(model), self);
        }
    }

    /// <summary>Answers those whose nodes have all spoken.</summary>
    public void AnswerUndeployments(Func<CommandId, ModelUndeployed?> answerOf, IActorRef self)
    {
        foreach (var command in _undeployments.Keys.ToList())
        {
            if (answerOf(command) is { } answer)
            {
                Release(_undeployments, command, answer, self);
            }
        }
    }

    /// <summary>Answers those who changed the model, once no node goes by older rules.</summary>
    public void AnswerUpdates(ModelState state, IActorRef self)
    {
        if (state.Updates.RulesOwed)
        {
            return;
        }

        foreach (var (reply, caller) in _updates)
        {
            caller.Tell(reply, self);
        }

        _updates.Clear();
    }

    /// <summary>An undeployment that has waited for too long; null: none.</summary>
    public CommandId? OverdueUndeployment(ModelState state, long now, TimeSpan timeout)
    {
        var waiting = state.Undeployments.Where(u => !u.IsDone).Select(u => u.CommandId).ToHashSet();
        foreach (var done in _seen.Keys.Where(c => !waiting.Contains(c)).ToList())
        {
            _seen.Remove(done);
        }

        foreach (var command in waiting)
        {
            _seen.TryAdd(command, now);
        }

        var overdue = _seen.Where(s => now - s.Value > timeout.TotalMilliseconds);
        return overdue.Select(s => (CommandId?)s.Key).FirstOrDefault();
    }

    private static void Add<TKey>(Dictionary<TKey, HashSet<IActorRef>> waiters, TKey key, IActorRef caller)
        where TKey : notnull
    {
        if (!waiters.TryGetValue(key, out var callers))
        {
            waiters[key] = callers = [];
        }

        callers.Add(caller);
    }

    private static void Release<TKey>(
        Dictionary<TKey, HashSet<IActorRef>> waiters, TKey key, IModelReply answer, IActorRef self)
        where TKey : notnull
    {
        if (waiters.Remove(key, out var callers))
        {
            foreach (var caller in callers)
            {
                caller.Tell(answer, self);
            }
        }
    }
}
