using MlCluster.Messages;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Domain.Models;

/// <summary>What came of changes to a registration.</summary>
/// <param name="RulesVersion">Version of the rules for predictions: that of the document that brought them; as registered
/// it is that of the earlier model of the same id, 0 where there was none.</param>
/// <param name="RulesOwed">Nodes may still go by older ones.</param>
/// <param name="LastUpdate">The latest command: it may be repeated.</param>
/// <param name="Controller">Null: there never was one.</param>
internal sealed record UpdateState(
    long RulesVersion, bool RulesOwed, CommandId? LastUpdate, ControllerState? Controller)
{
    /// <summary>As registered.</summary>
    public static UpdateState None { get; } = new(0, false, null, null);
}

/// <summary>A model's controller.</summary>
/// <param name="Users">By name; null: it was deleted.</param>
/// <param name="Version">How many versions it had.</param>
/// <param name="IsNew">The latest command found none.</param>
/// <param name="LastCommand">It may be repeated.</param>
internal sealed record ControllerState(
    IReadOnlyList<UserRateLimiter>? Users, long Version, bool IsNew, CommandId LastCommand);

/// <summary>How events change it.</summary>
internal static class UpdateFold
{
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
                LastUpdate = e.CommandId,
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
        With(state, new ControllerState(
            e.Users, NextVersion(state), state.Updates.Controller?.Users is null, e.CommandId));

    public static ModelState Deleted(ModelState state, ControllerDeleted e) =>
        With(state, new ControllerState(null, NextVersion(state), false, e.CommandId));

    private static long NextVersion(ModelState state) => (state.Updates.Controller?.Version ?? 0) + 1;

    private static ModelState With(ModelState state, ControllerState controller) =>
        state with { Updates = state.Updates with { Controller = controller } };
}
