using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Predict;

/// <summary>What a client reads when its prediction cannot be answered.</summary>
internal static class PredictErrors
{
    private const int MaxNamedNodes = 5;

    /// <summary>This gateway knows no node, not even itself: 503, another one may know more.</summary>
    public static ApiException NotJoined() => ErrorMapping.Of(new ProtocolError(
        ErrorCode.Unavailable, "this gateway has not joined the cluster yet; retry later, or elsewhere")).ToException();

    /// <summary>
    /// No node serves the model. 400 where the client is early or nobody has deployed it (contract 18), with what to do
    /// about it; 503 where it was deployed and comes back by itself, so that clients retry.
    /// </summary>
    public static ApiException NobodyServes(ModelDocument document) => WhyUnavailable(document) is { } reason
        ? ErrorMapping.Of(new ProtocolError(ErrorCode.Unavailable, reason)).ToException()
        : ApiError.IllegalArgument($"Model not ready yet. {Cure(document)}").ToException();

    /// <summary>The model was taken from this process while it answered, and the groups that were made for it are too
    /// large for a message: 503, made anew they travel.</summary>
    public static ApiException Moved(ModelId model) => ErrorMapping.Of(new ProtocolError(
        ErrorCode.Unavailable,
        $"model {model} went to another node while the request was under way; send it again")).ToException();

    /// <summary>No group finished in time: 408.</summary>
    public static ApiException Stalled(ModelId model, int completed, int groups, TimeSpan limit) => ApiError.OfStatus(
        408,
        $"model {model} finished {completed} of {groups} groups of documents and none within "
        + $"{limit.TotalSeconds} s; send fewer or shorter text_docs, deploy the model on more nodes, or raise "
        + "mlcluster.gateway.predict.stall-timeout").ToException();

    /// <summary>The answer passes the limit: 413.</summary>
    public static ApiException TooLarge(long maxBytes) => ApiError.IllegalArgument(
        $"the answer would be larger than {maxBytes} bytes; name the outputs that are needed in "
        + "target_response, or send fewer text_docs",
        413).ToException();

    // Null: it is the client's turn.
    private static string? WhyUnavailable(ModelDocument document)
    {
        if (document.Nodes.Any(node => node.Status == NodeDeploymentStatus.Loaded))
        {
            return $"no node that loaded model {document.ModelId} can be reached from here; retry later";
        }

        if (document.Nodes.Any(IsLoading))
        {
            return WasServed(document.Times)
                ? $"model {document.ModelId} was served before and is being loaded again; retry later"
                : null;
        }

        var heldUp = document.Nodes.Where(node => node.IsHeldUp).ToList();
        return heldUp.Count > 0 || document is { DeployToAllNodes: true, Nodes.Count: 0 }
            ? $"no node can serve model {document.ModelId} now: {Obstacles(heldUp)}. It is loaded again by itself; "
                + $"retry later, or deploy it on other nodes: POST /_plugins/_ml/models/{document.ModelId}/_deploy"
            : null;
    }

    private static string Obstacles(List<NodeDeployment> heldUp) => heldUp.Count == 0
        ? "it is wanted on all ml nodes and none is in the cluster"
        : string.Join("; ", heldUp.Take(MaxNamedNodes).Select(node => $"{node.NodeId}: {node.Error}"))
            + (heldUp.Count > MaxNamedNodes ? "; …" : "");

    private static bool IsLoading(NodeDeployment node) =>
        node is { Status: NodeDeploymentStatus.Loading, IsHeldUp: false };

    // It was ready once, and nobody has taken it off since.
    private static bool WasServed(ModelTimes times) =>
        times.LastDeployed is { } deployed && !(times.LastUndeployed > deployed);

    private static string Cure(ModelDocument document) => document switch
    {
        { Status: ModelStatus.Registering } =>
            "It is still being registered: wait until its model_state is REGISTERED (UPLOADED), then deploy it. "
                + $"GET /_plugins/_ml/models/{document.ModelId}",
        _ when document.Nodes.Any(IsLoading) =>
            "The model is loading: wait until its model_state is DEPLOYED (LOADED). "
                + $"GET /_plugins/_ml/models/{document.ModelId}",
        _ when document.Nodes.FirstOrDefault(n => n.Status == NodeDeploymentStatus.Failed) is { } failed =>
            $"The last deployment failed on node {failed.NodeId}: {failed.Error}. Deploy it again when that is mended. "
                + $"POST /_plugins/_ml/models/{document.ModelId}/_deploy",
        _ => "Please deploy the model first. "
            + $"POST /_plugins/_ml/models/{document.ModelId}/_deploy or "
            + $"POST /_plugins/_ml/models/{document.ModelId}/_load",
    };
}
