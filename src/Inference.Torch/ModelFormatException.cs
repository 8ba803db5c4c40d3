namespace MlCluster.Inference;

/// <summary>
/// An archive, a TorchScript file or a tokenizer.json that cannot be served; the message is fit for a client.
/// </summary>
public sealed class ModelFormatException(string message, Exception? innerException = null)
    : Exception(message, innerException);
