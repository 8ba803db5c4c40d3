namespace MlCluster.Node.Hosting;

/// <summary>The process cannot start as asked: one line that names what and the cure, exit code 2.</summary>
internal sealed class StartupException(string message, Exception? innerException = null)
    : Exception(message, innerException);
