using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Node.Data.Groups;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain.Groups;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>What model groups and their names promise on every database.</summary>
public abstract class GroupSpec : GroupKit
{
    private const int After = 12;
    private const string Entity = "group-group-1";

    protected GroupSpec(ITestDatabase database)
        : base(database)
    {
        Options = Options with { Limits = Options.Limits with { SnapshotAfter = After } };
    }

    [SkippableFact]
    public void Group_WhoseOwnerEnds_IsWhatItWas()
    {
        AskGroup<ModelGroupAccepted>(TestGroup.Register());
        AskGroup<VersionReply>(TestGroup.Assign("a"));
        AskGroup<ModelGroupAccepted>(TestGroup.Rename("claim-2", "vectors"));
        AskGroup<ModelGroupAccepted>(new UpdateModelGroup(
            TestGroup.Id, null, null, new GroupAccess(AccessMode.Restricted, ["IT", "HR"])));
        var before = Document();

        Crash(Groups, Entity);

        Assert.Equivalent(before, Document(), strict: true);
        Assert.Equal(
            ("vectors", 1, AccessMode.Restricted), (before.Name, before.LatestVersion, before.Access.Mode));
        Assert.False(AskGroup<NameConfirmation>(TestGroup.Confirm("claim-1", isFinal: false)).Holds);
        Assert.True(AskGroup<NameConfirmation>(TestGroup.Confirm("claim-2", isFinal: true)).Holds);
    }

    [SkippableFact]
    public void EveryCommand_Twice_ActsOnce()
    {
        IModelGroupCommand[] commands =
        [
            TestGroup.Register(),
            TestGroup.Assign("a"),
            TestGroup.Rename("claim-2", "vectors"),
            TestGroup.Confirm("claim-3", isFinal: true),
            TestGroup.Delete("d", latestVersion: 1),
        ];
        foreach (var command in commands)
        {
            var first = AskGroup<IModelGroupReply>(command);
            Assert.IsNotType<ModelGroupRejected>(first);
            if (command is DeleteModelGroup)
            {
                Await(() => Assert.Equal(1, Database.JournalRows(Entity)));
            }

            var rows = Database.JournalRows(Entity);

            Assert.Equivalent(first, AskGroup<IModelGroupReply>(command), strict: true);
            Crash(Groups, Entity);
            Assert.Equivalent(first, AskGroup<IModelGroupReply>(command), strict: true);

            Assert.Equal(rows, Database.JournalRows(Entity));
        }
    }

    [SkippableFact]
    public void LongLife_Journal_StaysShortAndSaysTheSame()
    {
        AskGroup<ModelGroupAccepted>(TestGroup.Register());
        for (var i = 1; i <= 4 * After; i++)
        {
            Assert.Equal(i, AskGroup<VersionReply>(TestGroup.Assign($"a{i}")).Version);
        }

        Await(() => Assert.InRange(Database.Traces(Entity), 1, 2 * After));
        Crash(Groups, Entity);
        Assert.Equal(4 * After, Document().LatestVersion);
        Assert.Equal(4 * After, AskGroup<VersionReply>(TestGroup.Assign($"a{4 * After}")).Version);
    }

    [SkippableFact]
    public async Task DeletedGroup_AfterItsTime_LeavesNoTrace()
    {
        AskGroup<ModelGroupAccepted>(TestGroup.Register());
        Assert.Empty(await Rows.EndedAsync(DateTimeOffset.UtcNow.AddDays(1), 10));
        AskGroup<ModelGroupDeletedReply>(TestGroup.Delete("d"));
        await AwaitAssertAsync(
            async () => Assert.Equal(
                Entity, Assert.Single(await Rows.EndedAsync(DateTimeOffset.UtcNow.AddDays(1), 10)).PersistenceId),
            Patience);

        var end = Assert.Single(await Rows.EndedAsync(DateTimeOffset.UtcNow.AddDays(1), 10));
        await Rows.ForgetAsync(end, DateTimeOffset.UtcNow);

        Assert.Equal(0, Database.Traces(Entity));
        Crash(Groups, Entity);
        Assert.Equal(
            ErrorCode.NotFound, AskGroup<ModelGroupRejected>(new GetModelGroup(TestGroup.Id)).Error.Code);
    }

    [SkippableFact]
    public void Name_WhoseOwnerEnds_KnowsWhoWasFirst()
    {
        // Longer than a name of an entity may be.
        var name = new string('n', 900) + "/ü";
        var first = new ClaimGroupName(name, TestGroup.Id, TestGroup.Claim, null);
        var second = new ClaimGroupName(name, new ModelGroupId("group-2"), new CommandId("claim-2"), null);
        Assert.Equal(TestGroup.Claim, AskGroup<GroupNameHolder>(first).Claim);

        Crash(Groups, GroupEntities.IdOf(first)!);

        var holder = AskGroup<GroupNameHolder>(second);
        Assert.Equal((name, TestGroup.Id, TestGroup.Claim), (holder.Name, holder.GroupId, holder.Claim));
        var instead = second with { InsteadOf = TestGroup.Claim };
        Assert.Equal(second.Claim, AskGroup<GroupNameHolder>(instead).Claim);
        Assert.Equal(second.Claim, AskGroup<GroupNameHolder>(first).Claim);
        Await(() => Assert.Equal(1, Database.JournalRows(GroupEntities.IdOf(first)!)));
    }

    private ModelGroupDocument Document() =>
        AskGroup<ModelGroupDocument>(new GetModelGroup(TestGroup.Id)) with { RecentModels = [] };
}
