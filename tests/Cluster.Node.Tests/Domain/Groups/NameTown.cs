using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Node.Domain.Groups;

namespace MlCluster.Node.Tests.Domain.Groups;

/// <summary>The owners of names and groups, and gateways that talk to them, each one message at a time.</summary>
internal sealed class NameTown(int gateways)
{
    public static readonly string[] Names = ["a", "b"];

    private readonly Dictionary<string, GroupNameClaimed> _names = [];
    private readonly Dictionary<ModelGroupId, ModelGroupState> _groups = [];
    private readonly Visit?[] _visits = new Visit?[gateways];
    private int _ids;

    /// <summary>Names that groups have now.</summary>
    public IEnumerable<string> Named =>
        _groups.Values.Where(g => g.Phase == GroupPhase.There).Select(g => g.Name);

    /// <summary>Lets a gateway send its next message; one that has none begins something.</summary>
    /// <param name="choice">What it begins, or how impatient it is.</param>
    public void Step(int gateway, int choice) => _visits[gateway] = _visits[gateway] is { } visit
        ? Next(visit, isFinal: choice % 2 == 0)
        : Begin(choice);

    /// <summary>Makes a group of a name while nobody else does anything.</summary>
    public void TakeAlone(string name)
    {
        var visit = (Visit?)new Visit(name, NewGroup(), NewClaim(), null, Stage.Claim, Renames: false);
        for (var step = 0; visit is not null; step++)
        {
            Assert.True(step < 10, $"{name} is taken by nobody and cannot be had");
            visit = Next(visit, isFinal: true);
        }
    }

    private Visit? Begin(int choice)
    {
        var name = Names[choice % 2];
        var there = _groups.Where(g => g.Value.Phase == GroupPhase.There).Select(g => g.Key).ToList();
        switch (choice)
        {
            case < 2:
                return new Visit(name, NewGroup(), NewClaim(), null, Stage.Claim, Renames: false);
            case < 4 when there.Count > 0:
                return new Visit(name, there[0], NewClaim(), null, Stage.Claim, Renames: true);
            case 4 when there.Count > 0:
                Do(new DeleteModelGroup(there[^1], NewClaim(), 0));
                return null;
            default:
                return null;
        }
    }

    private Visit? Next(Visit visit, bool isFinal)
    {
        if (visit.Stage == Stage.Take)
        {
            Do(visit.Renames
                ? new UpdateModelGroup(visit.Group, new ClaimedName(visit.Claim, visit.Name), null, null)
                : new RegisterModelGroup(visit.Group, visit.Claim, visit.Name, null, GroupAccessRules.Everybody));
            return null;
        }

        if (visit.Stage == Stage.Claim)
        {
            var command = new ClaimGroupName(visit.Name, visit.Group, visit.Claim, visit.InsteadOf);
            var known = _names.GetValueOrDefault(visit.Name);
            var holder = _names[visit.Name] = GroupNameDecisions.Decide(known, command, 0) ?? known!;
            return holder.Claim == visit.Claim
                ? visit with { Stage = Stage.Take }
                : visit with { Stage = Stage.Confirm, Holder = (holder.GroupId, holder.Claim) };
        }

        var (group, claim) = visit.Holder;
        var reply = (NameConfirmation)Do(new ConfirmGroupName(group, claim, isFinal));
        return reply.Holds switch
        {
            true => null,
            false => visit with { Stage = Stage.Claim, InsteadOf = claim },
            null => visit with { Stage = Stage.Claim },
        };
    }

    private IModelGroupReply Do(IModelGroupCommand command)
    {
        var state = _groups.GetValueOrDefault(command.GroupId, ModelGroupState.Unknown);
        var decision = ModelGroupDecisions.Decide(state, command, 0);
        _groups[command.GroupId] = decision.Events.Aggregate(state, ModelGroupFold.Apply);
        return decision.Reply;
    }

    private ModelGroupId NewGroup() => new($"group-{++_ids}");

    private CommandId NewClaim() => new($"claim-{++_ids}");

    private enum Stage
    {
        Claim,
        Confirm,
        Take,
    }

    private sealed record Visit(
        string Name, ModelGroupId Group, CommandId Claim, CommandId? InsteadOf, Stage Stage, bool Renames)
    {
        public (ModelGroupId Group, CommandId Claim) Holder { get; init; }
    }
}
