using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Models;
using MlCluster.Node.Gateway.Endpoints;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Groups;

/// <summary>Makes groups and gives models their versions in them.</summary>
internal sealed class ModelGroups(IClusterClient client, GroupNames names)
{
    // Each but the first means that somebody else made, renamed or deleted the group at that very moment.
    private const int MaxAttempts = 5;

    /// <summary>Makes a group.</summary>
    /// <exception cref="ApiException">400: the name is taken.</exception>
    public async Task<ModelGroupId> RegisterAsync(
        string name, string? description, GroupAccess access, CancellationToken cancelled)
    {
        for (var attempt = 1; ; attempt++)
        {
            var group = new ModelGroupId(NewIds.Next());
            var claim = (await ClaimAsync(name, group, cancelled))!.Value;
            var reply = await AskAsync(new RegisterModelGroup(group, claim, name, description, access), cancelled);
            if (attempt == MaxAttempts || !IsLost(reply))
            {
                return reply.Expect<ModelGroupAccepted>().GroupId;
            }
        }
    }

    /// <summary>Claims a name for a group that gets it.</summary>
    /// <returns>Null: the group has it already.</returns>
    /// <exception cref="ApiException">400: the name is taken.</exception>
    public async Task<CommandId?> ClaimAsync(string name, ModelGroupId group, CancellationToken cancelled)
    {
        var (claim, takenBy) = await names.ClaimAsync(name, group, cancelled);
        if (takenBy is { } other && other != group)
        {
            throw ApiError.IllegalArgument(
                $"The name you provided is already being used by a model group with ID: {other}").ToException();
        }

        return takenBy is null ? claim : null;
    }

    /// <summary>Gives a model the next version of a group.</summary>
    /// <exception cref="ApiException">404: there is no such group.</exception>
    public async Task<GroupMembership> JoinAsync(
        ModelGroupId group, ModelId model, string notFound, CancellationToken cancelled) =>
        await TryJoinAsync(group, model, cancelled) ?? throw ApiError.OfStatus(404, notFound).ToException();

    /// <summary>Gives a model the next version of the group that is called like it; makes that one if need
    /// be.</summary>
    public async Task<GroupMembership> JoinByNameAsync(
        string name, ModelId model, GroupAccess access, CancellationToken cancelled)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var group = new ModelGroupId(NewIds.Next());
            var (claim, takenBy) = await names.ClaimAsync(name, group, cancelled);
            if (takenBy is null)
            {
                var made = await AskAsync(new RegisterModelGroup(group, claim, name, null, access), cancelled);
                if (IsLost(made))
                {
                    continue;
                }

                made.Expect<ModelGroupAccepted>();
            }

            if (await TryJoinAsync(takenBy ?? group, model, cancelled) is { } joined)
            {
                return joined;
            }
        }

        throw ErrorMapping.Of(new ProtocolError(
            ErrorCode.Unavailable,
            "the model group with the name of the model went away again and again; send the request again later"))
            .ToException();
    }

    private async Task<GroupMembership?> TryJoinAsync(ModelGroupId group, ModelId model, CancellationToken cancelled)
    {
        var reply = await AskAsync(new AssignVersion(group, new CommandId(NewIds.Next()), model), cancelled);
        return reply is ModelGroupRejected { Error.Code: ErrorCode.NotFound }
            ? null
            : new GroupMembership(group, reply.Expect<VersionReply>().Version);
    }

    // The group was so long in the making that it lost its name.
    private static bool IsLost(IModelGroupReply reply) =>
        reply is ModelGroupRejected { Error.Code: ErrorCode.Conflict };

    private Task<IModelGroupReply> AskAsync(IModelGroupCommand command, CancellationToken cancelled) =>
        client.AskModelGroupAsync<IModelGroupReply>(command, cancelled);
}
