using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Documents;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Reads and deletes models (contract 3.4, 3.5).</summary>
internal sealed class ModelEndpoints(IClusterClient client) : IEndpointSource
{
    private const string Path = "/_plugins/_ml/models/{model_id}";

    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        // return_content is OpenSearch's; a model's document never holds content, its chunks do.
        new("GET", Path, GetAsync)
        {
            Parameters = ["return_content"],
            Description = new("getModel", "Models", "Get a model") { Answer = "Model", Errors = [404] },
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

    private async ValueTask<ApiAnswer> DeleteAsync(ApiCall call)
    {
        var model = call.Model();
        var command = new DeleteModel(model, new CommandId(NewIds.Next()));
        var deleted = (await client.AskModelAsync<IModelReply>(command, call.Cancelled)).Expect<ModelDeletedReply>();
        return new JsonAnswer(json => DeletedDocument.Write(json, ".plugins-ml-model", model.Value, deleted.Version));
    }
}
