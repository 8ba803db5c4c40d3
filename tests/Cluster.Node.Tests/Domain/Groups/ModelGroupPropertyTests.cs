using CsCheck;
using MlCluster.Messages.Groups;
using MlCluster.Node.Domain.Groups;

namespace MlCluster.Node.Tests.Domain.Groups;

/// <summary>Whatever comes in whatever order.</summary>
public sealed class ModelGroupPropertyTests
{
    private static readonly Gen<IModelGroupCommand> Commands = Gen.OneOf(
        Gen.Int[1, 3].Select(c => (IModelGroupCommand)TestGroup.Register($"claim-{c}")),
        Gen.Int[0, 90].Select(c => (IModelGroupCommand)TestGroup.Assign($"a{c}", $"model-{c % 7}")),
        Gen.Int[1, 9].Select(c => (IModelGroupCommand)TestGroup.Rename($"claim-{c}", $"name {c % 3}")),
        Gen.Select(Gen.Int[1, 9], Gen.Bool).Select((c, final) =>
            (IModelGroupCommand)TestGroup.Confirm($"claim-{c}", final)),
        Gen.Int[0, 2].Select(d => (IModelGroupCommand)new UpdateModelGroup(
            TestGroup.Id, null, $"{d}", new GroupAccess(AccessMode.Restricted, [$"role {d}"]))),
        Gen.Int[0, 2].Select(v => (IModelGroupCommand)TestGroup.Delete("d", v)),
        Gen.Const((IModelGroupCommand)new GetModelGroup(TestGroup.Id)));

    private static readonly Gen<IModelGroupCommand[]> Lives = Commands.Array[1, 40];

    [Fact]
    public void Decide_SameCommandTwice_ActsOnceAndAnswersTheSame() => Lives.Sample(life =>
    {
        var group = TestGroup.Registered();
        foreach (var command in life)
        {
            var first = group.Do(command);
            var events = group.Events.Count;

            Assert.Equivalent(first, group.Do(command), strict: true);
            Assert.Equal(events, group.Events.Count);
        }
    });

    [Fact]
    public void Assign_EachModel_GetsTheNextNumber() => Lives.Sample(life =>
    {
        var group = TestGroup.Registered();
        foreach (var command in life)
        {
            group.Do(command);
        }

        var versions = group.Events.OfType<VersionAssigned>().Select(e => e.Version);
        Assert.Equal(Enumerable.Range(1, group.Events.OfType<VersionAssigned>().Count()), versions);
    });

    [Fact]
    public void Restore_OfAnySnapshot_IsTheSameState() => Lives.Sample(life =>
    {
        var group = TestGroup.Registered();
        foreach (var command in life)
        {
            group.Do(command);
        }

        if (group.State.Phase == GroupPhase.There)
        {
            var taken = ModelGroupSnapshots.Take(group.State, TestGroup.Id, 5);

            Assert.Equivalent(group.State, ModelGroupFold.Apply(ModelGroupState.Unknown, taken), strict: true);
        }
    });

    // Gateways make, rename and delete groups under two names, a step of one after a step of another; any of them may
    // stop for ever after any step.
    [Fact]
    public void Names_ManyGatewaysAtOnce_AreEachOfOneGroup() =>
        Gen.Select(Gen.Int[2, 5], Gen.Select(Gen.Int[0, 4], Gen.Int[0, 5]).Array[1, 120]).Sample((count, turns) =>
        {
            var town = new NameTown(count);
            foreach (var (gateway, choice) in turns)
            {
                town.Step(gateway % count, choice);

                var named = town.Named.ToList();
                Assert.Equal(named.Count, named.Distinct(StringComparer.Ordinal).Count());
            }
        });

    [Fact]
    public void Names_WhenOthersHaveStopped_CanBeTaken() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 5]).Array[1, 60].Sample(turns =>
        {
            var town = new NameTown(5);
            foreach (var (gateway, choice) in turns)
            {
                town.Step(gateway, choice);
            }

            foreach (var name in NameTown.Names)
            {
                town.TakeAlone(name);

                Assert.Single(town.Named, n => n == name);
            }
        });
}
