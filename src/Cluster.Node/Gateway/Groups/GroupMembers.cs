using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Models;
using MlCluster.Messages.Search;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Search;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Groups;

/// <summary>Finds out whether a group has models.</summary>
/// <remarks>
/// A search names those of before and may be a second old, in both directions; the group names those of the last
/// minute. Each that is named is asked itself. Left is a model whose registration is on its way between its group and
/// itself: it comes to be in a group that is gone, as in OpenSearch, and lives well without it.
/// </remarks>
internal sealed class GroupMembers(IClusterClient client, SearchClient search)
{
    private const int HitsAtOnce = 100;

    /// <summary>True when at least one model is in the group.</summary>
    public async Task<bool> AnyAsync(ModelGroupDocument group, CancellationToken cancelled)
    {
        foreach (var model in group.RecentModels.Concat(await FoundAsync(group.GroupId, cancelled)).Distinct())
        {
            if (await IsInAsync(model, group.GroupId, cancelled))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<IEnumerable<ModelId>> FoundAsync(ModelGroupId group, CancellationToken cancelled)
    {
        var query = new TermsQuery("model_group_id", [group.Value], IsScored: false, IgnoreCase: false);
        var body = new SearchBody { Query = query, Size = HitsAtOnce };
        var found = await search.SearchAsync(DocumentKind.Model, body, cancelled);
        return found.Hits.Select(h => new ModelId(h.Id));
    }

    private async Task<bool> IsInAsync(ModelId model, ModelGroupId group, CancellationToken cancelled) =>
        await client.AskModelAsync<IModelReply>(new GetModel(model), cancelled) switch
        {
            ModelDocument document => document.Spec.ModelGroupId == group.Value,
            ModelRejected { Error.Code: ErrorCode.NotFound } => false,
            ModelRejected rejected => throw ErrorMapping.Of(rejected.Error).ToException(),
            var other => throw new InvalidOperationException($"{other.GetType().Name} came in answer to GetModel"),
        };
}
