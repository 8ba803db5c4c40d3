using MlCluster.Messages;
using MlCluster.Messages.Tasks;

namespace MlCluster.Node.Domain.Tasks;

/// <summary>What a word on progress changes. A number that is only repeated is no sign of life.</summary>
/// <remarks>
/// An owner that has just got the task from the journal knows no numbers: the first one it hears may be a repetition.
/// </remarks>
internal static class TaskProgress
{
    public static TaskState Take(TaskState state, ReportProgress report, long now)
    {
        var told = Math.Clamp(report.Progress, 0f, 1f);
        return report.NodeId is { } node ? TakeOfNode(state, node, told, now) : TakeOfWhole(state, told, now);
    }

    // A download that begins again tells lower numbers, a few times at most: they count as life.
    private static TaskState TakeOfWhole(TaskState state, float told, long now) =>
        state.ToldProgress == told
            ? state
            : Show(Live(state, state.ToldProgress is null, now) with { ToldProgress = told }, told, now);

    // A node that dies of the load and begins again, for ever, must not keep its task alive: only a new best counts.
    private static TaskState TakeOfNode(TaskState state, NodeId node, float told, long now)
    {
        var isFirst = !state.NodeProgress.TryGetValue(node, out var best);
        if (!state.Created!.WorkerNodes.Contains(node) || !(isFirst || told > best))
        {
            return state;
        }

        var live = Live(state, isFirst, now) with { NodeProgress = state.NodeProgress.SetItem(node, told) };
        return Show(live, live.Created!.WorkerNodes.Average(n => ShareOf(live, n)), now);
    }

    private static TaskState Live(TaskState state, bool isFirst, long now) =>
        isFirst && state.ResumedAt is not null ? state : state with { LastActivity = now };

    private static float ShareOf(TaskState state, NodeId node) =>
        state.Outcomes.ContainsKey(node) ? 1 : state.NodeProgress.GetValueOrDefault(node);

    // Words may overtake each other; the document never goes back.
    private static TaskState Show(TaskState state, float progress, long now) =>
        progress > state.Progress ? state with { Progress = progress, LastUpdateTime = now } : state;
}
