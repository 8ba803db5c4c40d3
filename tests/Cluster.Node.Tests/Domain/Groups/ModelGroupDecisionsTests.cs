using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Node.Domain.Groups;

namespace MlCluster.Node.Tests.Domain.Groups;

public sealed class ModelGroupDecisionsTests
{
    [Fact]
    public void Register_NewGroup_IsThereWithWhatWasSaid()
    {
        var group = TestGroup.Registered();

        var document = Assert.IsType<ModelGroupDocument>(group.Do(new GetModelGroup(TestGroup.Id)));
        Assert.Equal(
            ("embeddings", "for searches", AccessMode.Public, 0, 1_000L, 1_000L, 1L),
            (document.Name, document.Description, document.Access.Mode, document.LatestVersion, document.Created,
                document.LastUpdated, document.Version));
        Assert.Empty(document.RecentModels);
    }

    [Fact]
    public void Assign_ModelAfterModel_CountsFromOne()
    {
        var group = TestGroup.Registered();

        Assert.Equal(new VersionReply(TestGroup.Id, 1), group.Do(TestGroup.Assign("a")));
        Assert.Equal(new VersionReply(TestGroup.Id, 2), group.Do(TestGroup.Assign("b", "model-2")));
        Assert.Equal(new VersionReply(TestGroup.Id, 1), group.Do(TestGroup.Assign("a")));
        Assert.Equal(2, group.State.LatestVersion);
    }

    [Fact]
    public void Get_ModelsOfTheLastMinute_AreNamed()
    {
        var group = TestGroup.Registered();
        group.Do(TestGroup.Assign("a"));
        group.Now += 30_000;
        group.Do(TestGroup.Assign("b", "model-2"));

        Assert.Equal(["model-1", "model-2"], Recent(group));
        group.Now += 30_000;
        Assert.Equal(["model-2"], Recent(group));
    }

    [Fact]
    public void Update_SomeFields_LeavesTheOthers()
    {
        var group = TestGroup.Registered();

        group.Do(new UpdateModelGroup(TestGroup.Id, null, "new", null));
        group.Do(new UpdateModelGroup(TestGroup.Id, null, null, new GroupAccess(AccessMode.Restricted, ["IT"])));
        group.Do(TestGroup.Rename("claim-2", "vectors"));

        Assert.Equal(("vectors", "new"), (group.State.Name, group.State.Description));
        Assert.Equal(AccessMode.Restricted, group.State.Access.Mode);
        Assert.Equal(4, group.State.Version);
    }

    [Fact]
    public void Update_NothingNew_IsNoEvent()
    {
        var group = TestGroup.Registered();
        var access = new GroupAccess(AccessMode.Restricted, ["IT"]);
        group.Do(new UpdateModelGroup(TestGroup.Id, null, null, access));

        Assert.IsType<ModelGroupAccepted>(
            group.Do(new UpdateModelGroup(TestGroup.Id, null, "for searches", access with { BackendRoles = ["IT"] })));

        Assert.Equal(2, group.Events.Count);
    }

    [Fact]
    public void Delete_VersionTakenSince_IsRefused()
    {
        var group = TestGroup.Registered();
        group.Do(TestGroup.Assign("a"));

        var error = group.Refused(TestGroup.Delete("d"));

        Assert.Equal(
            new ProtocolError(
                ErrorCode.Conflict, "Cannot delete the model group when it has associated model versions"),
            error);
        Assert.Equal(new ModelGroupDeletedReply(TestGroup.Id, 3), group.Do(TestGroup.Delete("d", latestVersion: 1)));
        Assert.Equal(new ModelGroupDeletedReply(TestGroup.Id, 3), group.Do(TestGroup.Delete("d", latestVersion: 1)));
    }

    [Fact]
    public void Decide_GroupThatIsNotThere_IsNotFound()
    {
        var group = TestGroup.Registered();
        group.Do(TestGroup.Delete("d"));

        foreach (var unknown in new[] { group, new TestGroup() })
        {
            Assert.Equal(
                "Failed to find model group with the provided model group id: group-1",
                unknown.Refused(new GetModelGroup(TestGroup.Id)).Reason);
            foreach (var command in new IModelGroupCommand[]
            {
                TestGroup.Assign("a"), TestGroup.Rename("c", "n"), TestGroup.Delete("e"),
            })
            {
                Assert.Equal(
                    new ProtocolError(ErrorCode.NotFound, "Failed to find model group"), unknown.Refused(command));
            }
        }
    }

    [Fact]
    public void Confirm_TheNameThatItHas_IsTrue()
    {
        var group = TestGroup.Registered();
        Assert.True(group.Holds("claim-1"));

        group.Do(TestGroup.Rename("claim-2", "vectors"));

        Assert.False(group.Holds("claim-1", isFinal: false));
        Assert.True(group.Holds("claim-2"));
    }

    [Fact]
    public void Confirm_GroupThatMayBeOnItsWay_WaitsUntilItIsFinal()
    {
        var group = new TestGroup();

        Assert.Null(group.Holds("claim-1", isFinal: false));
        Assert.Empty(group.Events);
        Assert.False(group.Holds("claim-1"));

        Assert.Equal(ErrorCode.Conflict, group.Refused(TestGroup.Register()).Code);
        Assert.False(group.Holds("claim-1", isFinal: false));
    }

    [Fact]
    public void Confirm_RenameThatMayBeOnItsWay_IsRefusedOnceItWasForgone()
    {
        var group = TestGroup.Registered();

        Assert.Null(group.Holds("claim-2", isFinal: false));
        Assert.False(group.Holds("claim-2"));

        Assert.Equal(ErrorCode.Conflict, group.Refused(TestGroup.Rename("claim-2", "vectors")).Code);
        Assert.Equal("embeddings", group.State.Name);
    }

    [Fact]
    public void Claim_NameOfAnother_IsGivenOnlyInsteadOfThatClaim()
    {
        var first = new GroupNameClaimed("n", TestGroup.Id, TestGroup.Claim, 1_000);
        var command = new ClaimGroupName("n", new ModelGroupId("group-2"), new CommandId("claim-2"), null);

        Assert.Null(GroupNameDecisions.Decide(first, command, 2_000));
        Assert.Null(GroupNameDecisions.Decide(first, command with { InsteadOf = new CommandId("other") }, 2_000));
        var second = GroupNameDecisions.Decide(first, command with { InsteadOf = TestGroup.Claim }, 2_000)!;
        Assert.Equal(("group-2", "claim-2", 2_000L), (second.GroupId.Value, second.Claim.Value, second.Time));
        Assert.Null(GroupNameDecisions.Decide(second, command with { InsteadOf = TestGroup.Claim }, 2_000));
        Assert.Equal(500, GroupNameDecisions.HolderOf(second, 2_500).AgeMillis);
    }

    private static IEnumerable<string> Recent(TestGroup group) =>
        Assert.IsType<ModelGroupDocument>(group.Do(new GetModelGroup(TestGroup.Id))).RecentModels.Select(m => m.Value);
}
