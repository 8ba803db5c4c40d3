using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Documents;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Gateway.Json;
using MlCluster.Node.Gateway.Nodes;
using MlCluster.Node.Gateway.Settings;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Unloads models (contract 3.9, 18).</summary>
internal sealed class UndeployEndpoints(
    IClusterClient client, IClusterViewSource views, SettingsGate gate, GatewayOptions options, NodeContext context)
    : IEndpointSource
{
    private const string PathId = "{model_id}";

    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        Undeploy($"/_plugins/_ml/models/{PathId}/_unload", Dialect.Legacy, "unloadModel"),
        Undeploy($"/_plugins/_ml/models/{PathId}/_undeploy", Dialect.Current, "undeployModel"),
        Undeploy("/_plugins/_ml/models/_unload", Dialect.Legacy, "unloadModels"),
        Undeploy("/_plugins/_ml/models/_undeploy", Dialect.Current, "undeployModels"),
    ];

    private ApiEndpoint Undeploy(string path, Dialect dialect, string id) =>
        new("POST", path, call => UndeployAsync(call, dialect))
        {
            Body = BodyRule.Optional,
            Description = new(id, "Deployments", "Unload models from nodes")
            {
                Generation = dialect,
                Details = "Without `node_ids`: from all. Requests under way finish first. `model_ids` in the body win "
                    + "over the path; one of the two must name a model.",
                Request = "Undeployment",
                Answer = "Undeployed",
                Errors = [404],
            },
        };

    private async ValueTask<ApiAnswer> UndeployAsync(ApiCall call, Dialect dialect)
    {
        var ids = IdField.Read(call.Body.Span, "model_ids", "node_ids");
        var nodes = ids[1];
        var models = ids[0].Count > 0 ? ids[0]
            : call.Template.Contains(PathId, StringComparer.Ordinal) ? [call.Segment(PathId)]
            : throw ApiError.IllegalArgument("Must set specific model ids to undeploy").ToException();

        gate.CheckNodeIds(nodes);
        // One look: no node named means all of them, so a node that comes back meanwhile must not empty the list.
        var view = views.Current;
        var known = MlNodes(view, nodes);
        // A word that means nobody may be the id of a node that is away.
        var away = nodes.Where(w => MlNodes(view, [w]).Count == 0);
        string[] targets = nodes.Count == 0 ? [] : [.. known.Union(away, StringComparer.Ordinal)];
        var outcomes = await models.Distinct(StringComparer.Ordinal).AskAllAsync(
            options.FanOut, (m, stop) => UndeployAsync(m, targets, dialect, stop), call.Cancelled);
        return Answer(outcomes, known, dialect);
    }

    private async Task<Outcome> UndeployAsync(
        string id, IReadOnlyList<string> nodes, Dialect dialect, CancellationToken cancelled)
    {
        if (!ModelId.TryParse(id, out var model))
        {
            return new Outcome(id, null);
        }

        var command = new UndeployModel(model, new CommandId(NewIds.Next()), nodes, dialect);
        var reply = await client.AskModelAsync<IModelReply>(command, cancelled);
        return reply is ModelRejected { Error.Code: ErrorCode.NotFound or ErrorCode.IllegalArgument } rejected
            ? new Outcome(id, null) { Refusal = rejected.Error }
            : new Outcome(id, reply.Expect<ModelUndeployed>().Removed);
    }

    private static JsonAnswer Answer(Outcome[] outcomes, IReadOnlyList<string> known, Dialect dialect)
    {
        // A refusal changes nothing: it is the answer only where no other model was unloaded.
        if (Array.TrueForAll(outcomes, o => o.Removed is null))
        {
            var refusal = Array.Find(outcomes, o => o.Refusal is { Code: ErrorCode.IllegalArgument })?.Refusal
                ?? new ProtocolError(ErrorCode.NotFound, "Failed to find model");
            throw ErrorMapping.Of(refusal).ToException();
        }

        string[] nodes = [.. outcomes.SelectMany(o => o.Removed?.Keys ?? []).Union(known, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];
        return Answer(outcomes, nodes, dialect);
    }

    private static JsonAnswer Answer(Outcome[] outcomes, string[] nodes, Dialect dialect) => new(json =>
    {
        json.WriteStartObject();
        foreach (var node in nodes)
        {
            json.WriteStartObject(node);
            json.WriteStartObject("stats");
            foreach (var outcome in outcomes)
            {
                json.WriteString(outcome.Model,
                    Words.OfUnload(outcome.Removed?.GetValueOrDefault(node) == true, dialect));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    private List<string> MlNodes(ClusterView view, List<string> words) =>
    [
        .. NodeSelector.Select(view, context.NodeId, words)
            .Where(n => NodeRoles.HasRole(n, NodeRole.Ml))
            .Select(n => n.NodeId.Value),
    ];

    /// <summary>What became of one model.</summary>
    /// <param name="Removed">Null: nothing was done, there is no such model or it was refused.</param>
    private sealed record Outcome(string Model, IReadOnlyDictionary<string, bool>? Removed)
    {
        public ProtocolError? Refusal { get; init; }
    }
}
