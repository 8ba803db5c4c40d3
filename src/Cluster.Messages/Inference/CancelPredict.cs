namespace MlCluster.Messages.Inference;

/// <summary>
/// Gateway → ModelHostActor: nobody waits for the answers to this request's calls any more; what has not begun is
/// not to be run. No answer; harmless when the node does not know the request.
/// </summary>
/// <param name="RequestId">As in the <see cref="PredictRequest"/>s.</param>
/// <param name="Call">The one call that is meant; null: all of the request.</param>
public sealed record CancelPredict(ModelId ModelId, string RequestId, int? Call = null) : IWithModelId;
