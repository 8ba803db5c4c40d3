using System.Collections.Immutable;
using Akka.Cluster;

namespace MlCluster.Node.Routing;

/// <summary>Members that nothing waits for any more, long before the failure detector doubts them.</summary>
/// <remarks>
/// One whose port refuses has ended, and is not believed in again: who listens there later is another process. One to
/// which no way leads may live: the network or the name service is at fault. Nothing is lost by going elsewhere
/// meanwhile, since remoting needs the same name and the same way to make its connection anew, and no message gets
/// there before. So such a node is asked again and again, and taken back with its first answer.
/// </remarks>
internal sealed record EndedNodes
{
    private ImmutableDictionary<UniqueAddress, ProbeAnswer> Found { get; init; } =
        ImmutableDictionary<UniqueAddress, ProbeAnswer>.Empty;

    /// <summary>True: nobody is to wait for it.</summary>
    public bool Contains(UniqueAddress node) => Found.ContainsKey(node);

    /// <summary>True: it may come back, so it is to be asked again.</summary>
    public bool MayComeBack(UniqueAddress node) => Found.GetValueOrDefault(node) == ProbeAnswer.NoWay;

    /// <summary>Takes an answer of its address in.</summary>
    public EndedNodes With(UniqueAddress node, ProbeAnswer answer) => answer switch
    {
        ProbeAnswer.Refuses => this with { Found = Found.SetItem(node, answer) },
        ProbeAnswer.NoWay when !Contains(node) => this with { Found = Found.Add(node, answer) },
        ProbeAnswer.Listens when MayComeBack(node) => Without(node),
        _ => this,
    };

    /// <summary>The node has left, or is believed in again.</summary>
    public EndedNodes Without(UniqueAddress node) => this with { Found = Found.Remove(node) };
}
