using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using MlCluster.Messages;

namespace MlCluster.Node.Data;

/// <summary>
/// A persistent actor whose callers are told when its journal cannot be read: left alone, Akka drops what came during
/// a recovery that fails, and the callers hear nothing.
/// </summary>
internal abstract class JournaledActor : ReceivePersistentActor
{
    private readonly HashSet<IActorRef> _early = [];

    /// <summary>The answer to a command while the journal fails.</summary>
    protected abstract IClusterProtocol Refusal(ProtocolError error);

    /// <summary>What the database said, without what Akka's plugin wraps it in.</summary>
    protected static ProtocolError Unwritten(Exception cause) => Unavailable("written", cause);

    protected override bool AroundReceive(Receive receive, object message)
    {
        if (!IsRecovering)
        {
            _early.Clear();
        }
        else if (message is IClusterProtocol)
        {
            _early.Add(Sender);
        }

        return base.AroundReceive(receive, message);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        var error = Unavailable("read", reason);
        Log.Warning("{0}: {1}", PersistenceId, error.Reason);
        var refusal = Refusal(error);
        foreach (var caller in _early)
        {
            caller.Tell(refusal);
        }
    }

    private static ProtocolError Unavailable(string what, Exception cause)
    {
        var first = (cause as AggregateException)?.Flatten().InnerExceptions[0] ?? cause;
        return new ProtocolError(
            ErrorCode.Unavailable, $"the journal could not be {what}: {first.Message}; retry later");
    }
}
