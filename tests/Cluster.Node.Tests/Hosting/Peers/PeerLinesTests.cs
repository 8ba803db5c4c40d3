using MlCluster.Node.Hosting.Peers;

namespace MlCluster.Node.Tests.Hosting.Peers;

/// <summary>Akka's lines, as they were seen when a node was killed.</summary>
public sealed class PeerLinesTests
{
    private const string Self = "akka.tcp://mlcluster@10.0.0.1:4053";
    private const string Peer = "akka.tcp://mlcluster@10.0.0.2:4053";

    [Theory]
    [InlineData(
        $"AssociationError [{Self}] -> {Peer}: Error [Connection refused tcp://mlcluster@10.0.0.2:4053] []",
        "Connection refused")]
    [InlineData(
        $"AssociationError [{Self}] <- {Peer}: Error [Association failed with {Peer}] [   at A.B()\n   at C.D()]",
        $"Association failed with {Peer}")]
    [InlineData(
        $"Tried to associate with unreachable remote address [{Peer}]. Address is now gated for 2000 ms, all messages "
        + "to this address will be delivered to dead letters. Reason: [Connection refused tcp://mlcluster@10.0.0.2:4053] ",
        "Connection refused")]
    [InlineData(
        $"Association with remote system {Peer} has failed; address is now gated for 2000 ms. Reason is: "
        + "[Akka.Remote.EndpointDisassociatedException: Disassociated\n   at Akka.Remote.EndpointWriter.Unhandled()]",
        "the connection broke")]
    [InlineData(
        $"Association to [{Peer}] having UID [1537943773] is irrecoverably failed. UID is now quarantined and all "
        + "messages to this UID will be delivered to dead letters.",
        "irrecoverably failed")]
    [InlineData(
        $"Cluster Node [{Self}] - Marking node(s) as UNREACHABLE [Member(address = {Peer}, Uid=15 status = Up, "
        + "role=[ml], upNumber=5, version=0.1.0)]. Node roles [data]",
        "it sends no heartbeats")]
    public void Read_PeerIsLost_NamesItAndTheReason(string line, string reason) =>
        Assert.Equal([new PeerLost(Peer, reason)], PeerLines.Read(line));

    [Fact]
    public void Read_MembersOfTheOtherSide_AreEachNamed() => Assert.Equal(
        [new PeerFound(Peer), new PeerFound(Self)],
        PeerLines.Read(
            $"Cluster Node [{Self}] - Marking node(s) as REACHABLE [Member(address = {Peer}, Uid=1 status = Up, "
            + $"role=[ml], upNumber=5, version=0.1.0), Member(address = {Self}, Uid=2 status = Up, role=[ml])]. Node "
            + "roles [data]"));

    [Theory]
    [InlineData("SBR took decision Akka.Cluster.SBR.DownUnreachable and is downing [" + Peer + "]")]
    [InlineData(
        $"Association with remote system {Peer} has failed; address is now gated for 2000 ms. Reason is: "
        + "[System.NullReferenceException: Object reference\n   at A.B()]")]
    public void Read_AnythingElse_StaysAsItIs(string line) => Assert.Null(PeerLines.Read(line));
}
