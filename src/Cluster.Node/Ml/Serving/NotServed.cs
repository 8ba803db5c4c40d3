using MlCluster.Messages;
using MlCluster.Messages.Inference;

namespace MlCluster.Node.Ml.Serving;

/// <summary>The answer of a node that does not serve the model now; the gateway tries another one.</summary>
internal static class NotServed
{
    public static PredictRejected Reply(PredictRequest request) =>
        new(request.ModelId, new ProtocolError(ErrorCode.NotServed, $"Model not ready: {request.ModelId}"));
}
