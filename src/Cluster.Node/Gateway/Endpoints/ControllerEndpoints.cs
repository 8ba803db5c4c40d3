using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Documents;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Registration;
using MlCluster.Node.Gateway.Settings;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Controllers of models (contract 8).</summary>
internal sealed class ControllerEndpoints(IClusterClient client, SettingsGate gate) : IEndpointSource
{
    private const string Path = "/_plugins/_ml/controllers/{model_id}";
    private const string Index = ".plugins-ml-controller";
    private const string Tag = "Controllers";
    private const string NoModel =
        "Failed to find model to create the corresponding model controller with the provided model ID";

    private const string NoController = "Failed to find model controller with the provided model ID";

    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        new("POST", Path, CreateAsync)
        {
            Body = BodyRule.Required,
            Description = new("createController", Tag, "Limit how often each user may ask a model")
                { Request = "ControllerFields", Answer = "ControllerSaved", Errors = [403, 404, 409] },
        },
        new("PUT", Path, UpdateAsync)
        {
            Body = BodyRule.Required,
            Description = new("updateController", Tag, "Change the limits of a model's users")
                { Request = "ControllerFields", Answer = "UpdatedDocument", Errors = [403, 404, 409] },
        },
        new("GET", Path, GetAsync)
        {
            Description = new("getController", Tag, "Get the limits of a model's users")
                { Answer = "Controller", Errors = [404] },
        },
        new("DELETE", Path, DeleteAsync)
        {
            Description = new("deleteController", Tag, "Take the limits of a model's users away")
                { Answer = "DeletedDocument", Errors = [404, 409] },
        },
    ];

    // As in OpenSearch, one that is there is written anew, and the answer says so.
    private async ValueTask<ApiAnswer> CreateAsync(ApiCall call)
    {
        var saved = await SaveAsync(call, mustExist: false);
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteString("model_id", saved.ModelId.Value);
            json.WriteString("status", saved.IsNew ? "CREATED" : "UPDATED");
            json.WriteEndObject();
        });
    }

    private async ValueTask<ApiAnswer> UpdateAsync(ApiCall call)
    {
        var saved = await SaveAsync(call, mustExist: true);
        return new JsonAnswer(json => UpdatedDocument.Write(json, Index, saved.ModelId.Value, saved.Version));
    }

    private async ValueTask<ApiAnswer> GetAsync(ApiCall call)
    {
        gate.CheckControllers();
        var query = new GetController(call.NamedModel(NoController));
        var document = (await client.AskModelAsync<IModelReply>(query, call.Cancelled)).Expect<ControllerDocument>();
        return new JsonAnswer(json => ControllerDocumentWriter.Write(json, document));
    }

    private async ValueTask<ApiAnswer> DeleteAsync(ApiCall call)
    {
        gate.CheckControllers();
        var command = new DeleteController(call.NamedModel(NoController), new CommandId(NewIds.Next()));
        var reply = await client.AskModelAsync<IModelReply>(command, call.Cancelled);
        var deleted = reply.Expect<ControllerDeletedReply>();
        return new JsonAnswer(json =>
            DeletedDocument.Write(json, Index, deleted.ModelId.Value, deleted.Version));
    }

    private async Task<ControllerSavedReply> SaveAsync(ApiCall call, bool mustExist)
    {
        var users = ControllerBody.Parse(call.Body.Span);
        gate.CheckControllers();
        var command = new SaveController(call.NamedModel(NoModel), new CommandId(NewIds.Next()), users, mustExist);
        return (await client.AskModelAsync<IModelReply>(command, call.Cancelled)).Expect<ControllerSavedReply>();
    }
}
