using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Statistics;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Data.Models;

/// <summary>Tells nodes to load and unload, again from time to time until they have said that they did.</summary>
internal sealed class NodeCommands(IActorContext context, ModelId model, TimeSpan retry)
{
    /// <summary>Where every ml node takes commands.</summary>
    public const string HostPath = "/user/model-host";

    private readonly Dictionary<NodeId, (Duty Duty, long Time)> _sent = [];

    /// <param name="duty">A load or an unload.</param>
    /// <param name="now">Epoch milliseconds.</param>
    public void Send(ModelState state, Duty duty, long now)
    {
        switch (duty)
        {
            case Duty.Load load when IsDue(load.Node.NodeId, Key(load), now):
                Tell(load.Node, LoadOf(state, load));
                break;
            case Duty.Unload unload when IsDue(unload.Node.NodeId, Key(unload), now):
                Tell(unload.Node, new UnloadModel(model, unload.PlanVersion));
                break;
        }
    }

    /// <summary>Tells every node that the model is gone for good, once: one that does not hear it has counters of it
    /// until it ends.</summary>
    public void TellGone(ClusterView view)
    {
        foreach (var node in view.Nodes.Values)
        {
            context.ActorSelection($"{node.Address}/user/{NodeStatisticsActor.Name}")
                .Tell(new ForgetModelStatistics(model), ActorRefs.NoSender);
        }
    }

    private LoadModel LoadOf(ModelState state, Duty.Load load) => new(
        model,
        load.Planned.Since,
        load.Task,
        state.Spec!,
        state.Content.Sha256!,
        state.Content.SizeBytes!.Value,
        [.. state.Content.Chunks.Values])
    {
        Rules = state.Rules,
    };

    private void Tell(NodeFacts node, IClusterProtocol message) =>
        context.ActorSelection(node.Address + HostPath).Tell(message, context.Self);

    private bool IsDue(NodeId node, Duty duty, long now)
    {
        if (_sent.TryGetValue(node, out var last)
            && last.Duty == duty && now - last.Time < (long)retry.TotalMilliseconds)
        {
            return false;
        }

        _sent[node] = (duty, now);
        return true;
    }

    // What a node says of itself in the meantime does not make it another command.
    private static Duty.Load Key(Duty.Load load) => load with
    {
        Node = load.Node with { Serves = false },
        Planned = load.Planned with { Incarnation = 0, Status = default, Error = null },
        Task = null,
    };

    private static Duty.Unload Key(Duty.Unload unload) => unload with { Node = unload.Node with { Serves = false } };
}
