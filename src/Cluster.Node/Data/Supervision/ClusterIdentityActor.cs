using System.Buffers.Text;
using System.Security.Cryptography;
using Akka.Actor;
using Akka.Persistence;
using MlCluster.Messages.Deployments;

namespace MlCluster.Node.Data.Supervision;

/// <summary>Gives the cluster its id at its very first start and tells it to its parent at every later one.</summary>
internal sealed class ClusterIdentityActor : ReceivePersistentActor
{
    // 16 bytes are 22 characters of base64url.
    private const int Bytes = 16;
    private readonly TimeProvider _time;
    private ClusterNamed? _named;

    public ClusterIdentityActor(TimeProvider time)
    {
        _time = time;
        Recover<ClusterNamed>(named => _named = named);
        Recover<RecoveryCompleted>(_ => Tell());
    }

    /// <inheritdoc />
    public override string PersistenceId => "cluster-identity";

    public static Props Props(TimeProvider time) => Akka.Actor.Props.Create(() => new ClusterIdentityActor(time));

    /// <inheritdoc />
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        // Its parent starts another one, which tries again.
        base.OnPersistRejected(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    private void Tell()
    {
        if (_named is not null)
        {
            Context.Parent.Tell(_named);
            return;
        }

        var uuid = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        var named = new ClusterNamed(uuid, _time.GetUtcNow().ToUnixTimeMilliseconds());
        Persist(named, kept => Context.Parent.Tell(kept));
    }
}
