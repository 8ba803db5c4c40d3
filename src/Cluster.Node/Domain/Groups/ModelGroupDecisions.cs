using MlCluster.Messages;
using MlCluster.Messages.Groups;

namespace MlCluster.Node.Domain.Groups;

/// <summary>State + command → answer and events. A command sent twice acts once and is answered the same.</summary>
internal static class ModelGroupDecisions
{
    /// <summary>A group with models is not deleted.</summary>
    public const string HasModels = "Cannot delete the model group when it has associated model versions";

    private const string LostName =
        "the name went to another model group before this one could take it; send the request again";

    /// <param name="now">Epoch milliseconds.</param>
    /// <exception cref="ArgumentException">The command is not known.</exception>
    public static ModelGroupDecision Decide(ModelGroupState state, IModelGroupCommand command, long now) =>
        command switch
        {
            RegisterModelGroup register => Register(state, register, now),
            ConfirmGroupName confirm => Confirm(state, confirm, now),
            DeleteModelGroup delete when delete.CommandId == state.DeletedBy =>
                new(new ModelGroupDeletedReply(delete.GroupId, state.Version)),
            GetModelGroup get when state.Phase != GroupPhase.There => Reject(
                get, ErrorCode.NotFound, $"Failed to find model group with the provided model group id: {get.GroupId}"),
            _ when state.Phase != GroupPhase.There =>
                Reject(command, ErrorCode.NotFound, "Failed to find model group"),
            GetModelGroup get => new(DocumentOf(get.GroupId, state, now)),
            UpdateModelGroup update => Update(state, update, now),
            AssignVersion assign => Assign(state, assign, now),
            DeleteModelGroup delete => Delete(state, delete, now),
            _ => throw new ArgumentException(
                $"{command.GetType().Name} is not a command of model groups.", nameof(command)),
        };

    /// <summary>What others see of a state.</summary>
    public static ModelGroupDocument DocumentOf(ModelGroupId group, ModelGroupState state, long now) => new(
        group,
        state.Name,
        state.Description,
        state.Access,
        state.LatestVersion,
        state.Created,
        state.LastUpdated,
        state.Version,
        [.. state.Recent.Where(r => now - r.Time < SearchLagMillis).Select(r => r.ModelId).Distinct()]);

    // A search is a second old at most where all is well; this leaves room for a database that comes back.
    private const long SearchLagMillis = 60_000;

    private static ModelGroupDecision Register(ModelGroupState state, RegisterModelGroup command, long now) =>
        state.Phase switch
        {
            GroupPhase.There when state.Claim == command.Claim || state.Forgone.Contains(command.Claim) =>
                Accept(command),
            GroupPhase.Unknown => Accept(command, new ModelGroupRegistered(
                command.GroupId, command.Claim, command.Name, command.Description, command.Access, now)),
            _ => Reject(command, ErrorCode.Conflict, LostName),
        };

    private static ModelGroupDecision Update(ModelGroupState state, UpdateModelGroup command, long now)
    {
        if (command.Name is { } claimed && claimed.Claim != state.Claim && state.Forgone.Contains(claimed.Claim))
        {
            return Reject(command, ErrorCode.Conflict, LostName);
        }

        var updated = new ModelGroupUpdated(
            command.GroupId,
            command.Name?.Claim ?? state.Claim,
            command.Name?.Name ?? state.Name,
            command.Description ?? state.Description,
            command.Access ?? state.Access,
            now);
        return Says(state, updated) ? Accept(command) : Accept(command, updated);
    }

    private static bool Says(ModelGroupState state, ModelGroupUpdated e) =>
        (e.Claim, e.Name, e.Description) == (state.Claim, state.Name, state.Description)
        && e.Access.Mode == state.Access.Mode
        && e.Access.BackendRoles.SequenceEqual(state.Access.BackendRoles, StringComparer.Ordinal);

    private static ModelGroupDecision Assign(ModelGroupState state, AssignVersion command, long now)
    {
        if (state.Recent.FindLast(r => r.CommandId == command.CommandId) is { } known)
        {
            return new(new VersionReply(command.GroupId, known.Version));
        }

        var version = state.LatestVersion + 1;
        return new(
            new VersionReply(command.GroupId, version),
            new VersionAssigned(command.GroupId, command.CommandId, command.ModelId, version, now));
    }

    // Who asks finally gives the name away if the answer is no: a command with this claim may still be on its way, and
    // must not be obeyed then.
    private static ModelGroupDecision Confirm(ModelGroupState state, ConfirmGroupName command, long now)
    {
        if (state.Phase == GroupPhase.There && state.Claim == command.Claim)
        {
            return Confirmation(command, true);
        }

        if (state.Phase == GroupPhase.Gone || state.Forgone.Contains(command.Claim))
        {
            return Confirmation(command, false);
        }

        return !command.IsFinal ? Confirmation(command, null)
            : state.Phase == GroupPhase.There
                ? Confirmation(command, false, new GroupNameForgone(command.GroupId, command.Claim, now))
                : Confirmation(command, false, new ModelGroupDeleted(command.GroupId, command.Claim, 0, now));
    }

    private static ModelGroupDecision Delete(ModelGroupState state, DeleteModelGroup command, long now)
    {
        if (state.LatestVersion != command.LatestVersion)
        {
            return Reject(command, ErrorCode.Conflict, HasModels);
        }

        var version = state.Version + 1;
        return new(
            new ModelGroupDeletedReply(command.GroupId, version),
            new ModelGroupDeleted(command.GroupId, command.CommandId, version, now));
    }

    private static ModelGroupDecision Accept(
        IModelGroupCommand command, params IReadOnlyList<IModelGroupEvent> events) =>
        new(new ModelGroupAccepted(command.GroupId), events);

    private static ModelGroupDecision Confirmation(
        ConfirmGroupName command, bool? holds, params IReadOnlyList<IModelGroupEvent> events) =>
        new(new NameConfirmation(command.GroupId, holds), events);

    private static ModelGroupDecision Reject(IModelGroupCommand command, ErrorCode code, string reason) =>
        new(new ModelGroupRejected(command.GroupId, new ProtocolError(code, reason)));
}

/// <summary>What a command leads to: events first, then the answer.</summary>
internal sealed record ModelGroupDecision(IModelGroupReply Reply, params IReadOnlyList<IModelGroupEvent> Events);
