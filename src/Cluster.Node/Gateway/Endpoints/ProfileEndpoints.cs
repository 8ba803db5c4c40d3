using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Routing;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Nodes;
using MlCluster.Node.Gateway.Profiles;
using MlCluster.Node.Hosting;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Profile: where models are and how they are served (contract 6).</summary>
internal sealed class ProfileEndpoints(
    IClusterClient client,
    IClusterViewSource views,
    GatewayOptions options,
    NodeContext context,
    ILogger<ProfileEndpoints> log) : IEndpointSource
{
    private const string Root = "/_plugins/_ml/profile";

    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        Profile(Root, "getProfile", _ => new ProfileQuery { AllModels = true, AllTasks = true }),
        Profile($"{Root}/models", "getProfileModels", _ => new ProfileQuery { AllModels = true }),
        Profile($"{Root}/models/{{ids}}", "getProfileModel", call => new ProfileQuery { ModelIds = Ids(call) }),
        Profile($"{Root}/tasks", "getProfileTasks", _ => new ProfileQuery { AllTasks = true }),
        Profile($"{Root}/tasks/{{ids}}", "getProfileTask", call => new ProfileQuery { TaskIds = Ids(call) }),
    ];

    private ApiEndpoint Profile(string path, string id, Func<ApiCall, ProfileQuery> fromPath) =>
        new("GET", path, call => GetAsync(call, fromPath))
        {
            Body = BodyRule.Optional,
            Parameters = ["view"],
            Description = new(id, "Profile", "Where models are, how they are served, and how fast")
            {
                Details = "With a body the path does not count.", Request = "ProfileQuery", Answer = "Profile",
            },
        };

    private async ValueTask<ApiAnswer> GetAsync(ApiCall call, Func<ApiCall, ProfileQuery> fromPath)
    {
        var byModel = call.Query.Get("view") switch
        {
            null or "" or "node" => false,
            "model" => true,
            var other => throw ApiError.IllegalArgument($"unknown view [{other}]; use node or model").ToException(),
        };
        var query = call.Body.IsEmpty ? fromPath(call) : ProfileQuery.Parse(call.Body.Span);
        var data = await CollectAsync(query, call.Cancelled);
        return new JsonAnswer(json => ProfileWriter.Write(json, data, byModel));
    }

    private async Task<ProfileData> CollectAsync(ProfileQuery query, CancellationToken cancelled)
    {
        var nodes = NodeSelector.Select(views.Current, context.NodeId, query.NodeIds)
            .Where(n => NodeRoles.HasRole(n, NodeRole.Ml));
        var replies = query.WantsModels ? await Task.WhenAll(nodes.Select(n => AskAsync(n, query, cancelled))) : [];
        var profiles = replies.OfType<NodeProfileReply>().ToList();
        var ids = profiles.SelectMany(p => p.Models).Select(m => m.ModelId).Distinct();
        var documents = await DocumentsAsync(ids, cancelled);
        return new ProfileData(
            views.Current,
            profiles,
            documents.OfType<ModelDocument>().ToDictionary(d => d.ModelId),
            await TasksAsync(query, cancelled));
    }

    private async Task<NodeProfileReply?> AskAsync(
        NodeDeployments node, ProfileQuery query, CancellationToken cancelled)
    {
        try
        {
            return await client.AskPathAsync<NodeProfileReply>(
                $"{node.Address}/user/model-host",
                new GetNodeProfile(query.AllModels ? [] : query.KnownModelIds),
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

    // Only tasks that were named are looked up: nobody keeps a list of the running ones for this.
    private async Task<IReadOnlyList<TaskDocument>> TasksAsync(ProfileQuery query, CancellationToken cancelled)
    {
        var found = await query.KnownTaskIds.AskAllAsync(
            options.FanOut, (t, stop) => client.AskTaskAsync<IWithTaskId>(new GetTask(t), stop), cancelled);
        return [.. found.OfType<TaskDocument>().Where(t => t.Status is TaskStatus.Created or TaskStatus.Running)];
    }

    private static string[] Ids(ApiCall call) =>
        call.Segment("{ids}").Split(',', StringSplitOptions.RemoveEmptyEntries);
}
