using Akka.Cluster;
using MlCluster.Messages;

namespace MlCluster.Node.Hosting.Formation;

/// <summary>A process of the cluster, as the register knows it.</summary>
/// <param name="Address">Its <c>host:port</c>.</param>
/// <param name="Uid">Akka's number of the process.</param>
internal sealed record RegisteredMember(string Address, int Uid)
{
    public static RegisteredMember Of(UniqueAddress address) =>
        new($"{address.Address.Host}:{address.Address.Port}", address.Uid);
}

/// <summary>This process, with the id that it keeps over restarts.</summary>
internal sealed record RegisteredNode(NodeId NodeId, RegisteredMember Member);
