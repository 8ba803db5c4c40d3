using System.Text;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Predict;

/// <summary>
/// Refuses what no message between nodes carries, wherever the model is served: the answer must not depend on it.
/// </summary>
internal static class MessageFit
{
    // UTF-8, of a UTF-16 unit.
    private const int MostBytesPerUnit = 3;

    /// <summary>413 with the limit and the cure; null: all of it can be sent.</summary>
    /// <param name="body">The request.</param>
    /// <param name="maxPayloadBytes">Most bytes of text of a message.</param>
    /// <param name="maxMessageBytes">Most bytes of text of a group of documents.</param>
    public static ApiError? FaultOf(PredictBody body, long maxPayloadBytes, long maxMessageBytes)
    {
        var filter = FilterBytes(body);
        if (filter > Math.Max(0, maxPayloadBytes - maxMessageBytes))
        {
            return ApiError.IllegalArgument(
                $"target_response and target_response_positions take {filter} bytes, and at most "
                + $"{maxPayloadBytes - maxMessageBytes} travel with each group of documents; name fewer outputs",
                413);
        }

        for (var i = 0; i < body.Texts.Count; i++)
        {
            var limit = maxPayloadBytes - filter;
            if ((long)body.Texts[i].Length * MostBytesPerUnit > limit
                && Encoding.UTF8.GetByteCount(body.Texts[i]) is var bytes && bytes > limit)
            {
                return ApiError.IllegalArgument(
                    $"document {i} of text_docs has {bytes} bytes, and one message between nodes carries at most "
                    + $"{limit}; shorten it or cut it into several documents (a model reads only the first tokens of "
                    + $"a document), or raise {FrameLimit.Setting} on all nodes",
                    413);
            }
        }

        return null;
    }

    private static long FilterBytes(PredictBody body) =>
        (body.TargetResponse?.Sum(name => (long)Encoding.UTF8.GetByteCount(name)) ?? 0)
        + ((body.TargetPositions?.Count ?? 0) * (long)sizeof(int));
}
