using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Node.Domain.Groups;

namespace MlCluster.Node.Data.Groups;

/// <summary>The entity of a model group: what <see cref="ModelGroupDecisions"/> decides becomes durable, then it
/// answers.</summary>
internal sealed class ModelGroupActor : EntityActor<IModelGroupEvent>
{
    private readonly ModelGroupId _id;
    private readonly DataOptions _options;
    private readonly TimeProvider _time;
    private ModelGroupState _state = ModelGroupState.Unknown;

    public ModelGroupActor(ModelGroupId id, DataOptions options, TimeProvider time)
        : base($"{GroupEntities.Group}{id}", options.PassivateAfter)
    {
        (_id, _options, _time) = (id, options, time);
        Command<IModelGroupCommand>(OnCommand);
    }

    protected override bool IsBusy => false;

    public static Props Props(ModelGroupId id, DataOptions options, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new ModelGroupActor(id, options, time));

    protected override bool StandsAlone(IModelGroupEvent e) => e is ModelGroupDeleted or ModelGroupSnapshotTaken;

    protected override void Apply(IModelGroupEvent e) => _state = ModelGroupFold.Apply(_state, e);

    protected override IClusterProtocol Refusal(ProtocolError error) => new ModelGroupRejected(_id, error);

    private void OnCommand(IModelGroupCommand command)
    {
        var caller = Sender;
        var decision = ModelGroupDecisions.Decide(_state, command, Now());
        Keep(decision.Events, caller, () =>
        {
            caller.Tell(decision.Reply);
            TakeSnapshot();
        });
    }

    private void TakeSnapshot()
    {
        if (ModelGroupSnapshots.Next(_state, _id, (EventsSinceTrim, _options.Limits.SnapshotAfter), Now()) is { } due)
        {
            Keep([due], ActorRefs.Nobody, () => { });
        }
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
