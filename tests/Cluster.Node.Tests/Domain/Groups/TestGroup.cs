using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Node.Domain.Groups;

namespace MlCluster.Node.Tests.Domain.Groups;

/// <summary>A group without its actor: commands are decided and their events applied at once.</summary>
internal sealed class TestGroup
{
    public static readonly ModelGroupId Id = new("group-1");
    public static readonly CommandId Claim = new("claim-1");

    private readonly List<IModelGroupEvent> _events = [];

    public ModelGroupState State { get; private set; } = ModelGroupState.Unknown;

    public IReadOnlyList<IModelGroupEvent> Events => _events;

    public long Now { get; set; } = 1_000;

    public static TestGroup Registered()
    {
        var group = new TestGroup();
        group.Do(Register());
        return group;
    }

    public static RegisterModelGroup Register(string claim = "claim-1") =>
        new(Id, new CommandId(claim), "embeddings", "for searches", GroupAccessRules.Everybody);

    public static AssignVersion Assign(string command, string model = "model-1") =>
        new(Id, new CommandId(command), new ModelId(model));

    public static UpdateModelGroup Rename(string claim, string name) =>
        new(Id, new ClaimedName(new CommandId(claim), name), null, null);

    public static ConfirmGroupName Confirm(string claim, bool isFinal) => new(Id, new CommandId(claim), isFinal);

    public static DeleteModelGroup Delete(string command, int latestVersion = 0) =>
        new(Id, new CommandId(command), latestVersion);

    public IModelGroupReply Do(IModelGroupCommand command)
    {
        var decision = ModelGroupDecisions.Decide(State, command, Now);
        foreach (var e in decision.Events)
        {
            _events.Add(e);
            State = ModelGroupFold.Apply(State, e);
        }

        return decision.Reply;
    }

    /// <summary>A command that must be refused.</summary>
    public ProtocolError Refused(IModelGroupCommand command) => Assert.IsType<ModelGroupRejected>(Do(command)).Error;

    /// <summary>A question that must be answered.</summary>
    public bool? Holds(string claim, bool isFinal = true) =>
        Assert.IsType<NameConfirmation>(Do(Confirm(claim, isFinal))).Holds;
}
