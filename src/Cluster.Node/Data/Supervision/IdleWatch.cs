using Akka.Actor;
using Akka.Event;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Node.Data.Models;
using MlCluster.Node.Domain.Deployments;

namespace MlCluster.Node.Data.Supervision;

/// <summary>Has models undeployed that nobody uses any more: it asks the nodes that serve them, from time to time.
/// </summary>
internal sealed class IdleWatch(SupervisorSetup setup, IActorContext context, ILoggingAdapter log)
{
    private readonly Dictionary<NodeId, NodeProfileReply> _answers = [];
    private long _lastAsk;

    /// <summary>Asks when it is time to; answers come to the actor.</summary>
    /// <param name="now">Epoch milliseconds.</param>
    public void Ask(DeploymentBook book, long now)
    {
        if (now - _lastAsk < setup.Options.IdleCheck.TotalMilliseconds)
        {
            return;
        }

        _lastAsk = now;
        _answers.Clear();
        foreach (var (node, models) in IdleModels.ToAsk(book, setup.Views.Current))
        {
            context.ActorSelection(node.Address + NodeCommands.HostPath).Tell(new GetNodeProfile(models), context.Self);
        }
    }

    /// <summary>Takes an answer.</summary>
    public void Take(NodeProfileReply answer, DeploymentBook book)
    {
        _answers[answer.NodeId] = answer;
        var told = answer.Models.Select(m => m.ModelId).ToHashSet();
        foreach (var model in IdleModels.Expired(book, setup.Views.Current, _answers).Where(told.Contains))
        {
            var state = book.Models[model];
            log.Info(
                "model {0}: nobody has used it for {1} minutes (deploy_setting.model_ttl_minutes), it is undeployed",
                model, state.Spec!.DeploySetting!.ModelTtlMinutes);

            // One command for one plan, however often it is found idle.
            var command = new CommandId($"idle-{state.Plan.Version}");
            setup.Models.Tell(new UndeployModel(model, command, [], state.Dialect), context.Self);
        }
    }
}
