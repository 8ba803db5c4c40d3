namespace MlCluster.Compose;

/// <summary>The services cannot be run as asked: one line that names what and the cure.</summary>
public sealed class ComposeException(string message, Exception? innerException = null)
    : Exception(message, innerException);
