using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Loading;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Data.Models;

/// <summary>Tells nodes a model's rules for predictions, again from time to time until they go by them. Who does is
/// remembered here alone: after a restart they are told again.</summary>
internal sealed class RulesCourier(IActorContext context, ModelId model, TimeSpan retry)
{
    private readonly Dictionary<NodeId, (long RulesVersion, long Time)> _sent = [];
    private readonly Dictionary<NodeId, long> _applied = [];

    /// <summary>Nodes that go by the rules as they are now.</summary>
    public IReadOnlySet<NodeId> NodesAt(ModelState state) =>
        _applied.Where(a => a.Value >= state.Updates.RulesVersion).Select(a => a.Key).ToHashSet();

    /// <param name="now">Epoch milliseconds.</param>
    public void Send(Duty.ApplyRules duty, long now)
    {
        var (node, rules) = (duty.Node.NodeId, duty.Rules);
        if (_sent.TryGetValue(node, out var last)
            && last.RulesVersion == rules.Version && now - last.Time < (long)retry.TotalMilliseconds)
        {
            return;
        }

        _sent[node] = (rules.Version, now);
        context.ActorSelection(duty.Node.Address + NodeCommands.HostPath)
            .Tell(new ApplyServingRules(model, rules), context.Self);
    }

    public void Applied(ServingRulesApplied word) =>
        _applied[word.NodeId] = Math.Max(word.RulesVersion, _applied.GetValueOrDefault(word.NodeId));
}
