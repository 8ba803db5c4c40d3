namespace MlCluster.Chaos;

/// <summary>The run cannot begin or go on: one line that says why.</summary>
internal sealed class ChaosException(string message, Exception? innerException = null)
    : Exception(message, innerException);
