using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Node.Domain.Documents;
using MlCluster.Node.Domain.Groups;
using MlCluster.Node.Gateway.Documents;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Groups;
using MlCluster.Node.Gateway.Settings;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Model groups (contract 8); their search is with the others.</summary>
internal sealed class ModelGroupEndpoints(
    IClusterClient client, ModelGroups groups, GroupMembers members, SettingsGate gate) : IEndpointSource
{
    private const string Tag = "Model groups";
    private const string NotFound = "Failed to find model group";
    private const string Path = "/_plugins/_ml/model_groups/{model_group_id}";

    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        new("POST", "/_plugins/_ml/model_groups/_register", RegisterAsync)
        {
            Body = BodyRule.Required,
            Description = new("registerModelGroup", Tag, "Make a group of models")
                { Request = "ModelGroupFields", Answer = "ModelGroupCreated" },
        },
        new("GET", Path, GetAsync)
            { Description = new("getModelGroup", Tag, "Get a group") { Answer = "ModelGroup", Errors = [404] } },
        new("PUT", Path, UpdateAsync)
        {
            Body = BodyRule.Required,
            Description = new("updateModelGroup", Tag, "Change a group")
            {
                Details = "What the body does not name, or leaves blank, stays as it is.",
                Request = "ModelGroupFields",
                Answer = "ModelGroupUpdated",
                Errors = [404],
            },
        },
        new("DELETE", Path, DeleteAsync)
        {
            Description = new("deleteModelGroup", Tag, "Delete a group that has no models")
                { Answer = "DeletedDocument", Errors = [404, 409] },
        },
    ];

    private async ValueTask<ApiAnswer> RegisterAsync(ApiCall call)
    {
        var isControlled = gate.ControlsAccess;
        var body = ModelGroupBody.Parse(call.Body.Span, isControlled);
        var access = GroupAccessRules.OfNew(body.Access, isControlled);
        var group = await groups.RegisterAsync(body.RequireName(), body.Description, access, call.Cancelled);
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteString("model_group_id", group.Value);
            json.WriteString("status", Words.Of(Messages.Tasks.TaskStatus.Created));
            json.WriteEndObject();
        });
    }

    private async ValueTask<ApiAnswer> GetAsync(ApiCall call)
    {
        var id = call.Segment("{model_group_id}");
        var document = await FindAsync(call, $"{NotFound} with the provided model group id: {id}");
        return new JsonAnswer(json => ModelGroupDocumentWriter.Write(json, document));
    }

    private async ValueTask<ApiAnswer> UpdateAsync(ApiCall call)
    {
        var body = ModelGroupBody.Parse(call.Body.Span, gate.ControlsAccess);
        var document = await FindAsync(call, NotFound);
        var name = await NewNameAsync(body.Name, document, call.Cancelled);
        var command = new UpdateModelGroup(
            document.GroupId, name, NullIfBlank(body.Description), GroupAccessRules.OfChange(body.Access));
        (await AskAsync(command, call.Cancelled)).Expect<ModelGroupAccepted>();
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteString("status", "Updated");
            json.WriteEndObject();
        });
    }

    private async ValueTask<ApiAnswer> DeleteAsync(ApiCall call)
    {
        var document = await FindAsync(call, NotFound);
        var group = document.GroupId;
        if (await members.AnyAsync(document, call.Cancelled))
        {
            throw ApiError.OfStatus(409, ModelGroupDecisions.HasModels).ToException();
        }

        var command = new DeleteModelGroup(group, new CommandId(NewIds.Next()), document.LatestVersion);
        var deleted = (await AskAsync(command, call.Cancelled)).Expect<ModelGroupDeletedReply>();
        return new JsonAnswer(json =>
            DeletedDocument.Write(json, ".plugins-ml-model-group", group.Value, deleted.Version));
    }

    // As in OpenSearch, a blank name or description changes nothing.
    private async Task<ClaimedName?> NewNameAsync(
        string? name, ModelGroupDocument group, CancellationToken cancelled) =>
        !string.IsNullOrWhiteSpace(name) && name != group.Name
        && await groups.ClaimAsync(name, group.GroupId, cancelled) is { } claim
            ? new ClaimedName(claim, name)
            : null;

    private async Task<ModelGroupDocument> FindAsync(ApiCall call, string notFound)
    {
        if (!ModelGroupId.TryParse(call.Segment("{model_group_id}"), out var group))
        {
            throw ApiError.OfStatus(404, notFound).ToException();
        }

        var reply = await AskAsync(new GetModelGroup(group), call.Cancelled);
        return reply is ModelGroupRejected { Error.Code: ErrorCode.NotFound }
            ? throw ApiError.OfStatus(404, notFound).ToException()
            : reply.Expect<ModelGroupDocument>();
    }

    private Task<IModelGroupReply> AskAsync(IModelGroupCommand command, CancellationToken cancelled) =>
        client.AskModelGroupAsync<IModelGroupReply>(command, cancelled);

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
