using MlCluster.Messages;
using MlCluster.Messages.Inference;

namespace MlCluster.Node.Ml.Serving;

/// <summary>Keeps answers within what a message between nodes carries: a larger one is dropped in silence.</summary>
internal static class ReplyLimit
{
    // Lengths, type and shape.
    private const long TensorFrameBytes = 128;
    private const int BytesPerCharacter = 3;

    /// <summary>The answer, or its refusal with the limit and the cure.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="maxBytes">Null: it stays in the process, its size does not matter.</param>
    public static IPredictReply Fit(Predicted reply, long? maxBytes) =>
        maxBytes is { } limit && BytesOf(reply) is var bytes && bytes > limit
            ? new PredictRejected(reply.ModelId, new ProtocolError(
                ErrorCode.TooLarge,
                $"model {reply.ModelId}: the outputs of {Documents(reply)} take {bytes} bytes, and one message between "
                + $"nodes carries at most {limit}; name the outputs that are needed in target_response, send shorter "
                + "text_docs, or raise akka.remote.dot-netty.tcp.maximum-frame-size on all nodes"))
            : reply;

    private static string Documents(Predicted reply) =>
        reply.Documents.Count == 1 ? "one document" : $"{reply.Documents.Count} documents";

    private static long BytesOf(Predicted reply) => reply.Documents.Sum(d => d.Tensors.Sum(BytesOf));

    private static long BytesOf(TensorPayload tensor) =>
        TensorFrameBytes + tensor.Data.Length + (BytesPerCharacter * (tensor.Name?.Length ?? 0));
}
