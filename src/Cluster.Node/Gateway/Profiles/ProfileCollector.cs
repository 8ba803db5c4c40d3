using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Routing;
using MlCluster.Messages.Statistics;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Nodes;
using MlCluster.Node.Gateway.Stats;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Profiles;

/// <summary>Asks nodes what they do, and the owners of models for their documents; who is silent is left out.</summary>
internal sealed class ProfileCollector(
    IClusterClient client,
    IClusterViewSource views,
    UnfinishedTasks tasks,
    NodeStatisticsClient statistics,
    GatewayOptions options,
    NodeContext context,
    ILogger<ProfileCollector> log)
{
    /// <summary>Collects what the query wants.</summary>
    /// <exception cref="ClusterUnavailableException">Tasks alone are wanted, and no data node answers.</exception>
    public async Task<ProfileData> CollectAsync(ProfileQuery query, CancellationToken cancelled)
    {
        var view = views.Current;
        var nodes = NodeSelector.Select(view, context.NodeId, query.NodeIds);
        var documented = tasks.FindAsync(query, cancelled);
        var routed = statistics.AskAsync(query.WantsModels ? Of(nodes, NodeRole.Gateway) : [], cancelled);
        var asked = query.WantsModels || query.WantsTasks ? Of(nodes, NodeRole.Ml) : [];
        var replies = await Task.WhenAll(asked.Select(n => AskAsync(n, query, cancelled)));
        var profiles = replies.OfType<NodeProfileReply>().ToList();
        var models = ModelOnNode.Join(
            profiles.Select(p => p with { Models = [.. p.Models.Where(m => query.WantsModel(m.ModelId))] }),
            (await routed).OfType<NodeStatisticsReply>().Select(n => n with { Routed = [.. n.Routed.Where(r => IsTold(r.ModelId))] }));
        var documents = await DocumentsAsync(models.Select(m => m.ModelId).Distinct(), cancelled);
        var all = (await documented).Select(ProfileTask.Of)
            .Concat(ProfileTask.OfPredictions(profiles).Where(t => query.WantsTask(t.Id)));
        return new ProfileData(
            view,
            models,
            documents.OfType<ModelDocument>().ToDictionary(d => d.ModelId),
            query.NodeIds.Count == 0 ? [.. all] : [.. OnThese(all, nodes)]);

        // Times are kept until a model is deleted: those of one that nobody serves are of no interest.
        bool IsTold(ModelId model) => query.WantsModel(model) && view.ReplicasOf(model).Any();
    }

    private static IEnumerable<ProfileTask> OnThese(
        IEnumerable<ProfileTask> all, IReadOnlyList<NodeDeployments> nodes)
    {
        var wanted = nodes.Select(n => n.NodeId).ToHashSet();
        return all.Select(t => t with { Nodes = [.. t.Nodes.Where(wanted.Contains)] }).Where(t => t.Nodes.Count > 0);
    }

    private static IEnumerable<NodeDeployments> Of(IReadOnlyList<NodeDeployments> nodes, string role) =>
        nodes.Where(n => NodeRoles.HasRole(n, role));

    private async Task<NodeProfileReply?> AskAsync(
        NodeDeployments node, ProfileQuery query, CancellationToken cancelled)
    {
        try
        {
            return await client.AskPathAsync<NodeProfileReply>(
                $"{node.Address}/user/model-host",
                new GetNodeProfile(query.WantsTasks || query.AllModels ? [] : query.KnownModelIds)
                {
                    WithPredictions = query.WantsTasks,
                },
                options.ProfileTimeout,
                cancelled);
        }
        catch (ClusterUnavailableException e)
        {
            log.LogWarning(e, "Node {Node} gave no profile", node.NodeId);
            return null;
        }
    }

    // A document adds two details to a model's profile: its owner's silence must not cost all the others theirs,
    // nor the time that a command to the owner may take. However many there are, the time is one for all.
    private async Task<ModelDocument?[]> DocumentsAsync(IEnumerable<ModelId> models, CancellationToken cancelled)
    {
        using var timeout = new CancellationTokenSource(options.ProfileTimeout, context.Time);
        var late = timeout.Token;
        return await models.AskAllAsync(options.FanOut, (m, stop) => DocumentAsync(m, late, stop), cancelled);
    }

    private async Task<ModelDocument?> DocumentAsync(
        ModelId model, CancellationToken late, CancellationToken cancelled)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late, cancelled);
        try
        {
            return await client.AskModelAsync<IModelReply>(new GetModel(model), either.Token) as ModelDocument;
        }
        catch (Exception e) when (IsSilence(e) && !cancelled.IsCancellationRequested)
        {
            log.LogWarning(e, "Model {Model} is told without its document: its owner gave no answer", model);
            return null;
        }
    }

    private static bool IsSilence(Exception e) => e is ClusterUnavailableException or OperationCanceledException;
}
