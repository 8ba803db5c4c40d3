using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Documents;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Groups;
using MlCluster.Node.Gateway.Registration;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Reads, changes and deletes models (contract 3.4, 3.5, 3.7).</summary>
internal sealed class ModelEndpoints(IClusterClient client, ModelGroups groups) : IEndpointSource
{
    private const string Path = "/_plugins/_ml/models/{model_id}";
    private const string Index = ".plugins-ml-model";
    private const string NotFound = "Failed to find model to update with the provided model id";

    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        // return_content is OpenSearch's; a model's document never holds content, its chunks do.
        new("GET", Path, GetAsync)
        {
            Parameters = ["return_content"],
            Description = new("getModel", "Models", "Get a model") { Answer = "Model", Errors = [404] },
        },
        // An empty body has an answer of its own.
        new("PUT", Path, UpdateAsync)
        {
            Body = BodyRule.Optional,
            Description = new("updateModel", "Models", "Change a model")
            {
                Details = "What the body does not name stays as it is. Rate limit, `is_enabled` and `interface` hold "
                    + "at once; the configuration holds from the next load on.",
                Request = "ModelChange",
                Answer = "UpdatedDocument",
                Errors = [403, 404, 409],
            },
        },
        new("DELETE", Path, DeleteAsync)
        {
            Description = new("deleteModel", "Models", "Delete a model that no node has loaded")
                { Answer = "DeletedDocument", Errors = [404] },
        },
    ];

    private async ValueTask<ApiAnswer> GetAsync(ApiCall call)
    {
        _ = call.Query.GetBoolean("return_content");
        var reply = await client.AskModelAsync<IModelReply>(new GetModel(call.QueriedModel()), call.Cancelled);
        var document = reply.Expect<ModelDocument>();
        return new JsonAnswer(json => ModelDocumentWriter.Write(json, document));
    }

    private async ValueTask<ApiAnswer> UpdateAsync(ApiCall call)
    {
        var body = ModelUpdateBody.Parse(call.Body.Span);
        var model = call.NamedModel(NotFound);
        var group = string.IsNullOrEmpty(body.ModelGroupId)
            ? null
            : await NewGroupAsync(model, body.ModelGroupId, call.Cancelled);
        var command = new UpdateModel(model, new CommandId(NewIds.Next()), body.ToChanges(group));
        var reply = (await client.AskModelAsync<IModelReply>(command, call.Cancelled)).Expect<ModelUpdatedReply>();
        return new JsonAnswer(json =>
            UpdatedDocument.Write(json, Index, model.Value, reply.Version, reply.Changed));
    }

    // A version that is taken is the model's: not for a model that is there already, or that there is none of.
    private async Task<GroupMembership?> NewGroupAsync(ModelId model, string group, CancellationToken cancelled)
    {
        var reply = await client.AskModelAsync<IModelReply>(new GetModel(model), cancelled);
        var document = reply is ModelRejected { Error.Code: ErrorCode.NotFound }
            ? throw ApiError.OfStatus(404, $"{NotFound}: {model}").ToException()
            : reply.Expect<ModelDocument>();
        if (document.Spec.ModelGroupId == group)
        {
            return null;
        }

        var unknown = "Failed to find the model group with the provided model group id in the update model input, "
            + $"MODEL_GROUP_ID: {group}";
        return ModelGroupId.TryParse(group, out var id)
            ? await groups.JoinAsync(id, model, unknown, cancelled)
            : throw ApiError.OfStatus(404, unknown).ToException();
    }

    private async ValueTask<ApiAnswer> DeleteAsync(ApiCall call)
    {
        var model = call.Model();
        var command = new DeleteModel(model, new CommandId(NewIds.Next()));
        var deleted = (await client.AskModelAsync<IModelReply>(command, call.Cancelled)).Expect<ModelDeletedReply>();
        return new JsonAnswer(json => DeletedDocument.Write(json, Index, model.Value, deleted.Version));
    }
}
