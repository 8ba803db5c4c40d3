using MlCluster.Messages.Tasks;

namespace MlCluster.Node.Domain.Tasks;

/// <summary>Until when a task without progress lives.</summary>
internal static class TaskDeadline
{
    /// <summary>
    /// A task whose deadline passed while nobody had it, and a task's progress is not in the journal, gets so long to
    /// move: far more than a load takes between two words on it.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <summary>The last moment, in epoch milliseconds, counted from what the journal knows: an owner that dies again
    /// and again does not put it off by more than the grace.</summary>
    public static long Of(TaskState state, TimeSpan timeout)
    {
        var deadline = state.LastActivity + Milliseconds(LimitOf(state, timeout));
        return state.ResumedAt is { } since
            ? Math.Max(deadline, since + Milliseconds(GraceOf(state, timeout)))
            : deadline;
    }

    /// <summary>Longest time without progress.</summary>
    /// <remarks>
    /// A registration is ended by its model's entity, together with the model; here only when there is no such entity.
    /// </remarks>
    public static TimeSpan LimitOf(TaskState state, TimeSpan timeout) => IsRegistration(state) ? 2 * timeout : timeout;

    // The model of a registration may have died with its task: it downloads anew, and bounds itself how often.
    private static TimeSpan GraceOf(TaskState state, TimeSpan timeout)
    {
        var grace = Grace < timeout ? Grace : timeout;
        return IsRegistration(state) ? timeout + grace : grace;
    }

    private static bool IsRegistration(TaskState state) => state.Created?.Type == TaskType.RegisterModel;

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
