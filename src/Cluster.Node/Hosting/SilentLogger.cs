using Akka.Event;

namespace MlCluster.Node.Hosting;

/// <summary>Stands in for Akka's standard-output logger, which speaks its own format while the system starts and
/// ends.</summary>
/// <remarks>Nothing is lost: what fails then is thrown, and the process's own logs are there for everything
/// else.</remarks>
internal sealed class SilentLogger : MinimalLogger
{
    /// <inheritdoc />
    protected override void Log(object message)
    {
    }
}
