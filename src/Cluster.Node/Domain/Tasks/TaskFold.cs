using MlCluster.Messages.Tasks;

namespace MlCluster.Node.Domain.Tasks;

/// <summary>State + event → state; the only way a kept state comes to be.</summary>
internal static class TaskFold
{
    /// <exception cref="ArgumentException">The event is not known.</exception>
    public static TaskState Apply(TaskState state, ITaskEvent e)
    {
        var changed = e switch
        {
            TaskCreated created => Created(created),
            TaskModelKnown known => state with { ModelId = known.ModelId },
            TaskNodeFinished node => state with { Outcomes = state.Outcomes.SetItem(node.NodeId, node.Error) },
            TaskFinished end => state with
            {
                Status = end.Status, ModelId = end.ModelId ?? state.ModelId, Error = end.Error,
            },
            // It may be the only event left, so it says everything itself.
            TaskDeleted deleted => TaskState.Unknown with
            {
                DeletedBy = deleted.CommandId, Version = deleted.Version - 1,
            },
            _ => throw new ArgumentException($"{e.GetType().Name} is not an event of tasks.", nameof(e)),
        };
        return changed with { Version = changed.Version + 1, LastUpdateTime = e.Time, LastActivity = e.Time };
    }

    // A deployment has its model from the start; a registration's document is made later.
    private static TaskState Created(TaskCreated e) => new()
    {
        Created = e,
        Status = e.Status,
        ModelId = e.Type == TaskType.DeployModel ? e.OwnerId : null,
    };
}
