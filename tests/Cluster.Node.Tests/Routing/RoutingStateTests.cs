using System.Collections.Immutable;
using MlCluster.Messages;
using MlCluster.Messages.Routing;
using MlCluster.Node.Routing;

namespace MlCluster.Node.Tests.Routing;

public class RoutingStateTests
{
    [Fact]
    public void ToView_ReachableMember_IsInIt()
    {
        var state = State([Member("a")], Node("a"));

        Assert.Equal("a", Assert.Single(state.ToView().Nodes).Key.Value);
    }

    [Fact]
    public void ToView_UnreachableMember_IsNot()
    {
        var state = State([Member("a"), Member("b") with { Reachable = false }], Node("a"), Node("b"));

        Assert.Equal("a", Assert.Single(state.ToView().Nodes).Key.Value);
        Assert.Equal("b", Assert.Single(state.ToView().UnreachableMlNodes).Value);
    }

    [Fact]
    public void ToView_UnreachableMemberThatStartedAgain_IsThere()
    {
        var young = Node("a") with { Incarnation = 2 };
        var state = State([Member("a") with { Reachable = false }, Member("a", incarnation: 2)], Node("a"), young);

        Assert.Single(state.ToView().Nodes);
        Assert.Empty(state.ToView().UnreachableMlNodes);
    }

    [Fact]
    public void ToView_EntryOfANodeThatIsGone_IsNot()
    {
        Assert.Empty(State([], Node("a")).ToView().Nodes);
    }

    [Fact]
    public void ToView_RestartedNode_DoesNotInheritItsOldEntry()
    {
        var old = Node("a") with { Incarnation = 1, Draining = true };
        var state = State([Member("a", incarnation: 2)], old);

        Assert.Empty(state.ToView().Nodes);
        Assert.False(
            (state with { Published = Publish(old, old with { Incarnation = 2, Draining = false }) })
                .ToView().Nodes[new NodeId("a")].Draining);
    }

    [Fact]
    public void ToView_OwnWord_IsNewerThanItsPublishedCopy()
    {
        var state = State([Member("a")], Node("a")) with { Local = Node("a") with { Draining = true } };

        Assert.True(state.ToView().Nodes[new NodeId("a")].Draining);
    }

    [Fact]
    public void Supervisor_OldestDataMember_IsIt()
    {
        var gateway = Member("g") with { Roles = ["gateway"] };

        var state = State([gateway, Member("old"), Member("young")], Node("g"), Node("old"), Node("young"));

        Assert.Equal("old", state.ToView().Supervisor!.Value.Value);
    }

    [Fact]
    public void Supervisor_NoDataMember_IsUnknown()
    {
        Assert.Null(State([Member("g") with { Roles = ["gateway"] }], Node("g")).ToView().Supervisor);
    }

    private static RoutingState State(ImmutableArray<ClusterMember> members, params NodeDeployments[] published) =>
        new(Publish(published), members, null);

    private static ImmutableDictionary<string, NodeDeployments> Publish(params NodeDeployments[] nodes) =>
        nodes.ToImmutableDictionary(n => ClusterMember.KeyOf(n.Address, n.Incarnation));

    private static ClusterMember Member(string id, long incarnation = 1) =>
        new(ClusterMember.KeyOf(Address(id), incarnation), ["data", "ml"], Reachable: true);

    private static NodeDeployments Node(string id) =>
        new(new NodeId(id), id, Address(id), 1, ["data", "ml"], null, [], Draining: false, []);

    private static string Address(string id) => $"akka.tcp://mlcluster@{id}:1";
}
