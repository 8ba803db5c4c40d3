using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Node.Domain.Groups;

namespace MlCluster.Node.Data.Groups;

/// <summary>The entity of a name of model groups: it knows who has the first claim on it.</summary>
internal sealed class GroupNameActor : EntityActor<GroupNameClaimed>
{
    private readonly TimeProvider _time;
    private GroupNameClaimed? _state;
    private string _name = "";

    public GroupNameActor(string entityId, DataOptions options, TimeProvider time)
        : base(entityId, options.PassivateAfter)
    {
        _time = time;
        Command<ClaimGroupName>(OnClaim);
    }

    protected override bool IsBusy => false;

    public static Props Props(string entityId, DataOptions options, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new GroupNameActor(entityId, options, time));

    protected override bool StandsAlone(GroupNameClaimed e) => true;

    protected override void Apply(GroupNameClaimed e) => _state = e;

    protected override IClusterProtocol Refusal(ProtocolError error) => new GroupNameRejected(_name, error);

    private void OnClaim(ClaimGroupName command)
    {
        var caller = Sender;
        _name = command.Name;
        GroupNameClaimed[] events = GroupNameDecisions.Decide(_state, command, Now()) is { } claimed ? [claimed] : [];
        Keep(events, caller, () => caller.Tell(GroupNameDecisions.HolderOf(_state!, Now())));
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
