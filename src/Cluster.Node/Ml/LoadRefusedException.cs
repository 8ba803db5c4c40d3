namespace MlCluster.Node.Ml;

/// <summary>A load that no further attempt can save: wrong content, a failed rehearsal, no room.</summary>
internal sealed class LoadRefusedException(string message, Exception? innerException = null)
    : Exception(message, innerException);
