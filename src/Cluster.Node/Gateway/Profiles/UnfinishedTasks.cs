using MlCluster.Messages;
using MlCluster.Messages.Search;
using MlCluster.Messages.Serialization;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Documents;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Search;
using MlCluster.Node.Hosting;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Gateway.Profiles;

/// <summary>Finds tasks with a document that have not ended.</summary>
internal sealed class UnfinishedTasks(
    IClusterClient client, SearchClient search, GatewayOptions options, ILogger<UnfinishedTasks> log)
{
    // The newest of them.
    private const int MostTold = 1000;

    private static readonly SearchBody All = new()
    {
        Query = new TermsQuery(
            "state", [Words.Of(TaskStatus.Created), Words.Of(TaskStatus.Running)], IsScored: false, IgnoreCase: false),
        Sort = [new SortField("create_time", Descending: true, MissingFirst: false, MayBeUnmapped: true)],
        Size = MostTold,
    };

    /// <summary>Those that the query wants: all of them as a search finds them, named ones as they are now.</summary>
    /// <exception cref="ClusterUnavailableException">Nothing else is wanted, and no data node answers.</exception>
    public async Task<IReadOnlyList<TaskDocument>> FindAsync(ProfileQuery query, CancellationToken cancelled)
    {
        if (!query.AllTasks)
        {
            var named = await query.KnownTaskIds.AskAllAsync(
                options.FanOut, (t, stop) => client.AskTaskAsync<IWithTaskId>(new GetTask(t), stop), cancelled);
            return [.. named.OfType<TaskDocument>().Where(IsUnfinished)];
        }

        try
        {
            var found = await search.SearchAsync(DocumentKind.Task, All, cancelled);

            // One that was found may have ended before its document was read.
            return [.. found.Hits.Select(h => DocumentBytes.Task(h.Document)).Where(IsUnfinished)];
        }
        catch (Exception e) when (query.WantsModels && IsSilence(e))
        {
            log.LogWarning(e, "A profile is told without tasks: no data node tells them");
            return [];
        }
    }

    private static bool IsUnfinished(TaskDocument task) => task.Status is TaskStatus.Created or TaskStatus.Running;

    private static bool IsSilence(Exception e) =>
        e is ClusterUnavailableException or ApiException { Error.Status: >= 429 };
}
