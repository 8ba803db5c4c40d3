namespace MlCluster.Node.Gateway.Interfaces;

/// <summary>A client's text is no JSON schema, or one that is not used here; the message goes on from its name.
/// </summary>
internal sealed class SchemaRefusedException(string message, Exception? innerException = null)
    : Exception(message, innerException);
