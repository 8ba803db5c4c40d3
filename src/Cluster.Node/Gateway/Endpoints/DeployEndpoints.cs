using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Documents;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Json;
using MlCluster.Node.Gateway.Settings;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Loads models (contract 3.8).</summary>
internal sealed class DeployEndpoints(IClusterClient client, SettingsGate gate) : IEndpointSource
{
    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        Deploy("/_plugins/_ml/models/{model_id}/_load", Dialect.Legacy, "loadModel"),
        Deploy("/_plugins/_ml/models/{model_id}/_deploy", Dialect.Current, "deployModel"),
    ];

    private ApiEndpoint Deploy(string path, Dialect dialect, string id) =>
        new("POST", path, call => DeployAsync(call, dialect))
        {
            Body = BodyRule.Optional,
            Description = new(id, "Deployments", "Load a model on nodes")
            {
                Generation = dialect,
                Details = "Without `node_ids`: on every node that may serve it, those that join later among them. The "
                    + "task tells when it is done.",
                Request = "NodeIds",
                Answer = "TaskStarted",
                Errors = [404],
            },
        };

    private async ValueTask<ApiAnswer> DeployAsync(ApiCall call, Dialect dialect)
    {
        var nodes = call.Body.IsEmpty ? [] : NodeIds(call.Body.Span);
        gate.CheckLocalModels();
        gate.CheckNodeIds(nodes);
        var model = call.Model();
        var task = new TaskId(NewIds.Next());
        var reply = await client.AskModelAsync<IModelReply>(
            new DeployModel(model, task, nodes, dialect), call.Cancelled);
        reply.Expect<ModelAccepted>();
        return RegisterEndpoints.TaskStarted(task, Words.Of(TaskType.DeployModel, dialect));
    }

    /// <summary>Nodes that a body names; empty: all.</summary>
    /// <exception cref="Errors.ApiException">400: it cannot be read.</exception>
    internal static List<string> NodeIds(ReadOnlySpan<byte> body)
    {
        List<string> nodes = [];
        var json = new JsonPull(body);
        json.BeginObject();
        while (json.NextField(out var name))
        {
            if (name == "node_ids")
            {
                nodes = json.Ids(name);
            }
            else
            {
                json.Skip();
            }
        }

        return nodes;
    }
}
