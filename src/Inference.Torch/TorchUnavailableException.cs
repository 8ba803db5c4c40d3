namespace MlCluster.Inference;

/// <summary>libtorch cannot be used in this process; nothing can be loaded, but the node lives on.</summary>
public sealed class TorchUnavailableException(string message, Exception? innerException = null)
    : InferenceException(message, innerException);
