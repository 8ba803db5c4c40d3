using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Node.Gateway.Endpoints;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Groups;

/// <summary>Sees to it that two groups never have the same name, although each is an entity of its own.</summary>
/// <remarks>
/// A name is claimed first and taken by the group after. Who finds a claim asks the claim's group: if that one has the
/// name, it is taken. If it has not, the gateway that made the claim may be about to make the group, so it is given
/// some time; after that the group forgoes the claim for good, and only then another one claims the name instead. So a
/// gateway that ends half-way blocks a name for some seconds, and no two groups can come to have it.
/// </remarks>
internal sealed class GroupNames(IClusterClient client, NodeContext context)
{
    // Between a claim and its group are two messages.
    private const long PatienceMillis = 5_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Claims a name for a group.</summary>
    /// <returns>The claim, or the other group that has the name.</returns>
    public async Task<(CommandId Claim, ModelGroupId? TakenBy)> ClaimAsync(
        string name, ModelGroupId group, CancellationToken cancelled)
    {
        var command = new ClaimGroupName(name, group, new CommandId(NewIds.Next()), null);
        while (true)
        {
            var holder = await AskAsync(command, cancelled);
            if (holder.Claim == command.Claim)
            {
                return (command.Claim, null);
            }

            switch (await ConfirmAsync(holder, cancelled))
            {
                case true:
                    return (command.Claim, holder.GroupId);
                case false:
                    command = command with { InsteadOf = holder.Claim };
                    break;
                case null:
                    await Task.Delay(Pause, context.Time, cancelled);
                    break;
            }
        }
    }

    private async Task<GroupNameHolder> AskAsync(ClaimGroupName command, CancellationToken cancelled) =>
        await client.AskModelGroupAsync<IWithGroupName>(command, cancelled) switch
        {
            GroupNameHolder holder => holder,
            GroupNameRejected rejected => throw ErrorMapping.Of(rejected.Error).ToException(),
            var other => throw new InvalidOperationException($"{other.GetType().Name} came in answer to a claim"),
        };

    private async Task<bool?> ConfirmAsync(GroupNameHolder holder, CancellationToken cancelled)
    {
        var question = new ConfirmGroupName(holder.GroupId, holder.Claim, holder.AgeMillis > PatienceMillis);
        var reply = await client.AskModelGroupAsync<IModelGroupReply>(question, cancelled);
        return reply.Expect<NameConfirmation>().Holds;
    }
}
