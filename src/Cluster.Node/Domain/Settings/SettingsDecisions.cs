using System.Collections.Immutable;
using MlCluster.Messages;
using MlCluster.Messages.Settings;

namespace MlCluster.Node.Domain.Settings;

/// <summary>What a change of settings leads to; pure.</summary>
/// <remarks>Rules and texts are OpenSearch's (contract 9): everything is checked before anything changes.</remarks>
internal static class SettingsDecisions
{
    // Every node holds all settings in memory, and a change travels as one message.
    private const int MaxChanges = 1_000;
    private const int MaxNameLength = 500;
    private const int MaxValueLength = 20_000;

    /// <param name="now">Epoch milliseconds.</param>
    public static SettingsDecision Decide(SettingsSnapshot state, ChangeSettings command, long now)
    {
        if (Refusal(command) is { } refusal)
        {
            return new SettingsDecision(refusal, null);
        }

        var (persistent, transient) =
            (Change(state.Persistent, command.Persistent), Change(state.Transient, command.Transient));
        return Same(persistent, state.Persistent) && Same(transient, state.Transient)
            ? SettingsDecision.Unchanged
            : new SettingsDecision(null, Saved(persistent, transient, now));
    }

    /// <summary>Says what is wrong with a change, whatever the settings are; null: nothing.</summary>
    public static ProtocolError? Refusal(ChangeSettings command)
    {
        var problem = command.Persistent.Count + command.Transient.Count > MaxChanges
            ? $"a request changes at most {MaxChanges} settings"
            : command.Persistent.Select(c => Problem("persistent", c))
                .Concat(command.Transient.Select(c => Problem("transient", c)))
                .FirstOrDefault(p => p is not null);
        return problem is null ? null : new ProtocolError(ErrorCode.IllegalArgument, problem);
    }

    /// <summary>What is left when the whole cluster has restarted; null: nothing changes.</summary>
    public static SettingsSaved? Restarted(SettingsSnapshot state, long now) => state.Transient.IsEmpty
        ? null
        : Saved(state.Persistent, state.Transient.Clear(), now);

    /// <summary>The state after an event.</summary>
    /// <param name="version">The event's number in the journal.</param>
    public static SettingsSnapshot Apply(SettingsSaved e, long version) =>
        SettingsSnapshot.Of(version, e.Persistent, e.Transient);

    // What a reset may name is not checked: nothing may be set that matches.
    private static string? Problem(string kind, SettingChange change)
    {
        if (change.Name.Length > MaxNameLength)
        {
            return $"{kind} setting [{change.Name[..MaxNameLength]}…], not recognized";
        }

        if (change is { Value: null, Name: [.., '*'] })
        {
            return null;
        }

        var setting = SettingsCatalog.Find(change.Name);
        return setting is null ? $"{kind} setting [{change.Name}], not recognized"
            : !setting.IsDynamic ? $"{kind} setting [{change.Name}], not dynamically updateable"
            : change.Value is not { } value ? null
            : value.Length > MaxValueLength
                ? $"Failed to parse value of {value.Length} characters for setting [{change.Name}]: give at most "
                    + $"{MaxValueLength}"
            : setting.Problem(value);
    }

    // Resets come first, as in OpenSearch: what the same request sets stays, whatever a wildcard takes away.
    private static ImmutableSortedDictionary<string, string> Change(
        ImmutableSortedDictionary<string, string> settings, IReadOnlyList<SettingChange> changes)
    {
        var kept = changes.Where(c => c.Value is null).Aggregate(settings, (all, c) => Reset(all, c.Name));
        return changes.Where(c => c.Value is not null).Aggregate(kept, (all, c) => all.SetItem(c.Name, c.Value!));
    }

    private static ImmutableSortedDictionary<string, string> Reset(
        ImmutableSortedDictionary<string, string> settings, string name) =>
        settings.RemoveRange(settings.Keys.Where(k => Wildcard.Matches(name, k)));

    private static bool Same(
        ImmutableSortedDictionary<string, string> a, ImmutableSortedDictionary<string, string> b) => a.SequenceEqual(b);

    private static SettingsSaved Saved(
        ImmutableSortedDictionary<string, string> persistent,
        ImmutableSortedDictionary<string, string> transient,
        long now) =>
        new(SettingsSnapshot.Entries(persistent), SettingsSnapshot.Entries(transient), now);
}

/// <summary>What a change of settings leads to.</summary>
/// <param name="Refusal">Why nothing changes; null: it was right.</param>
/// <param name="Event">Null: everything is so already, or it was refused.</param>
internal sealed record SettingsDecision(ProtocolError? Refusal, SettingsSaved? Event)
{
    /// <summary>Everything is so already.</summary>
    public static SettingsDecision Unchanged { get; } = new(null, null);
}
