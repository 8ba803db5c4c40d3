using System.Collections.Immutable;
using MlCluster.Messages;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Domain.Models;

/// <summary>What came of changes to a registration.</summary>
/// <param name="RulesVersion">Version of the rules for predictions: that of the document that brought them; as registered
/// it is that of the earlier model of the same id, 0 where there was none.</param>
/// <param name="RulesOwed">Nodes may still go by older ones.</param>
/// <param name="LatestUpdates">The latest commands, oldest first: each may be repeated, also after others.</param>
/// <param name="Controller">Null: there never was one.</param>
internal sealed record UpdateState(
    long RulesVersion, bool RulesOwed, ImmutableList<CommandId> LatestUpdates, ControllerState? Controller)
{
    /// <summary>As registered.</summary>
    public static UpdateState None { get; } = new(0, false, [], null);
}

/// <summary>A model's controller.</summary>
/// <param name="Users">By name; null: it was deleted.</param>
/// <param name="Commands">The latest ones, oldest first, at least one: each may be repeated, also after others.</param>
internal sealed record ControllerState(
    IReadOnlyList<UserRateLimiter>? Users, ImmutableList<ControllerCommand> Commands)
{
    /// <summary>How many versions it had.</summary>
    public long Version => Commands[^1].Version;

    /// <summary>Null: the command is not known any more, or never came.</summary>
    public ControllerCommand? Find(CommandId command) => Commands.Find(c => c.CommandId == command);
}

/// <summary>A command that was obeyed, as it was answered.</summary>
/// <param name="Version">Of the controller, after it.</param>
/// <param name="IsNew">It found no controller and saved one.</param>
internal sealed record ControllerCommand(CommandId CommandId, long Version, bool IsNew);

/// <summary>How events change it.</summary>
internal static class UpdateFold
{
    private const int RememberedCommands = 8;

    /// <summary>A registration says something else now; nodes are told where predictions are concerned.</summary>
    public static ModelState Updated(ModelState state, ModelUpdated e)
    {
        var rulesChange = (e.Spec.IsEnabled, e.Spec.RateLimiter, e.Spec.Interface)
            != (state.Spec!.IsEnabled, state.Spec.RateLimiter, state.Spec.Interface);
        return state with
        {
            Spec = e.Spec,
            Updates = state.Updates with
            {
                LatestUpdates = Remember(state.Updates.LatestUpdates, e.CommandId),
                RulesVersion = rulesChange ? state.Version + 1 : state.Updates.RulesVersion,
                RulesOwed = state.Updates.RulesOwed
                    || (rulesChange && state.Plan.Nodes.Values.Any(n => !n.IsHeldUp)),
            },
        };
    }

    public static ModelState Settled(ModelState state, ServingRulesSettled e) =>
        e.RulesVersion == state.Updates.RulesVersion
            ? state with { Updates = state.Updates with { RulesOwed = false } }
            : state;

    public static ModelState Saved(ModelState state, ControllerSaved e) =>
        With(state, e.Users, e.CommandId, isNew: state.Updates.Controller?.Users is null);

    public static ModelState Deleted(ModelState state, ControllerDeleted e) =>
        With(state, null, e.CommandId, isNew: false);

    private static ModelState With(
        ModelState state, IReadOnlyList<UserRateLimiter>? users, CommandId command, bool isNew)
    {
        var earlier = state.Updates.Controller;
        var obeyed = new ControllerCommand(command, (earlier?.Version ?? 0) + 1, isNew);
        var controller = new ControllerState(users, Remember(earlier?.Commands ?? [], obeyed));
        return state with { Updates = state.Updates with { Controller = controller } };
    }

    private static ImmutableList<T> Remember<T>(ImmutableList<T> earlier, T latest) =>
        (earlier.Count < RememberedCommands ? earlier : earlier.RemoveAt(0)).Add(latest);
}
