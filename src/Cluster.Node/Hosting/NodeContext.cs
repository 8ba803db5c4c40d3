using Akka.Configuration;
using MlCluster.Messages;
using MlCluster.Node.Hosting.Tls;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Hosting;

/// <summary>What every role is given at its registration: made once, before the actor system.</summary>
/// <param name="Options">The operator's choices.</param>
/// <param name="NodeId">Kept in the data folder.</param>
/// <param name="Name">Name of the node.</param>
/// <param name="Config">All HOCON, ours under <c>mlcluster</c>.</param>
/// <param name="Time">The clock.</param>
internal sealed record NodeContext(NodeOptions Options, NodeId NodeId, string Name, Config Config, TimeProvider Time)
{
    /// <summary>How nodes know each other; null: no TLS.</summary>
    public TlsIdentity? Tls { get; init; }

    /// <summary>What this node counts.</summary>
    public NodeMetrics Metrics { get; init; } = new(NodeId);
}
