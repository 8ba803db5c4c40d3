using MlCluster.Messages.Routing;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>Host and port out of an actor system's address.</summary>
internal readonly record struct NodeAddress(string Host, string Port)
{
    /// <summary>Reads <c>akka.tcp://system@host:port</c>, or <c>akka.ssl.tcp://…</c>.</summary>
    public static NodeAddress Of(NodeDeployments node)
    {
        var at = node.Address.LastIndexOf('@');
        var hostAndPort = node.Address[(at + 1)..];
        var colon = hostAndPort.LastIndexOf(':');
        return colon < 0
            ? new NodeAddress(hostAndPort, "0")
            : new NodeAddress(hostAndPort[..colon], hostAndPort[(colon + 1)..]);
    }
}
