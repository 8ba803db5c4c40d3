namespace MlCluster.Node.Hosting.Peers;

/// <summary>What a line of Akka says of one peer.</summary>
/// <param name="Address">The peer's, as it announces it.</param>
internal abstract record PeerWord(string Address);

/// <summary>It cannot be reached.</summary>
/// <param name="Reason">Goes on after a colon.</param>
internal sealed record PeerLost(string Address, string Reason) : PeerWord(Address);

/// <summary>It can be reached again.</summary>
internal sealed record PeerFound(string Address) : PeerWord(Address);
