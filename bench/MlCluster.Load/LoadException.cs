namespace MlCluster.Load;

/// <summary>The measurement cannot go on; the message is all that the user needs.</summary>
internal sealed class LoadException(string message) : Exception(message);
