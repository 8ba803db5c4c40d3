using MlCluster.Messages;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Reads the model of a path; a text that can be no id names no model.</summary>
internal static class PathIds
{
    /// <exception cref="ApiException">404 in the short words of commands.</exception>
    public static ModelId Model(this ApiCall call) =>
        ModelId.TryParse(call.Segment("{model_id}"), out var model) ? model : throw NotFound("Failed to find model");

    /// <exception cref="ApiException">404 in the words of queries, which repeat the id.</exception>
    public static ModelId QueriedModel(this ApiCall call) =>
        call.NamedModel("Failed to find model with the provided model id");

    /// <exception cref="ApiException">404 in the words of a command, with the id behind them.</exception>
    public static ModelId NamedModel(this ApiCall call, string notFound) =>
        call.Segment("{model_id}") is var text && ModelId.TryParse(text, out var model)
            ? model
            : throw NotFound($"{notFound}: {text}");

    private static ApiException NotFound(string reason) => ApiError.OfStatus(404, reason).ToException();
}
