namespace MlCluster.Messages.Inference;

/// <summary>Answers to <see cref="PredictRequest"/>.</summary>
public interface IPredictReply : IWithModelId;

/// <summary>One result a text, in order.</summary>
public sealed record Predicted(ModelId ModelId, IReadOnlyList<DocumentTensors> Documents, PredictTimings Timings)
    : IPredictReply
{
    /// <summary><see cref="Models.ServingRules.InterfaceVersion"/> on the node that answered.</summary>
    public long InterfaceVersion { get; init; }
}

/// <summary>No result; <see cref="ErrorCode.NotServed"/> and <see cref="ErrorCode.Rejected"/> may be tried
/// elsewhere.</summary>
public sealed record PredictRejected(ModelId ModelId, ProtocolError Error) : IPredictReply;

/// <summary>The wanted outputs of one document, in the graph's own order.</summary>
public sealed record DocumentTensors(IReadOnlyList<TensorPayload> Tensors);

/// <summary>Microseconds inside the ml node.</summary>
public sealed record PredictTimings(long Tokens, long TokenizeMicros, long QueueMicros, long ForwardMicros);
