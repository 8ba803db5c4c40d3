using System.Collections.Immutable;
using MlCluster.Messages.Settings;

namespace MlCluster.Node.Domain.Settings;

/// <summary>All cluster settings that are not at their default: an immutable snapshot that any thread may
/// read.</summary>
/// <param name="Version">Grows with every change; 0: nothing was ever set, below: not known yet.</param>
/// <param name="Persistent">Texts by name.</param>
/// <param name="Transient">Texts by name; they win over persistent ones.</param>
internal sealed record SettingsSnapshot(
    long Version,
    ImmutableSortedDictionary<string, string> Persistent,
    ImmutableSortedDictionary<string, string> Transient)
{
    private static readonly ImmutableSortedDictionary<string, string> Nothing =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Nobody has told this node yet; defaults hold.</summary>
    public static SettingsSnapshot Unknown { get; } = new(-1, Nothing, Nothing);

    /// <summary>Nothing was ever set.</summary>
    public static SettingsSnapshot Initial { get; } = Unknown with { Version = 0 };

    /// <summary>False until the node has been told.</summary>
    public bool IsKnown => Version >= 0;

    /// <summary>Reads what was published or saved.</summary>
    public static SettingsSnapshot Of(
        long version, IEnumerable<SettingEntry> persistent, IEnumerable<SettingEntry> transient) =>
        new(version, Read(persistent), Read(transient));

    /// <summary>The entries of one kind.</summary>
    public static IReadOnlyList<SettingEntry> Entries(ImmutableSortedDictionary<string, string> settings) =>
        [.. settings.Select(s => new SettingEntry(s.Key, s.Value))];

    /// <summary>The value that holds.</summary>
    /// <param name="whenUnset">What the node's own configuration says.</param>
    public T Get<T>(Setting<T> setting, T whenUnset)
    {
        try
        {
            return Find(setting.Name) is { } text ? setting.Parse(text) : whenUnset;
        }
        catch (FormatException)
        {
            // A journal may hold what an earlier version took.
            return whenUnset;
        }
    }

    /// <summary>The value that holds, the setting's own default where nothing was set.</summary>
    public T Get<T>(Setting<T> setting) => Get(setting, setting.Parse(setting.Default));

    /// <summary>The value that holds of a setting with an older name; the newer one wins.</summary>
    public T Get<T>(Setting<T> setting, Setting<T> older, T whenUnset) => Get(setting, Get(older, whenUnset));

    private string? Find(string name) =>
        Transient.GetValueOrDefault(name) ?? Persistent.GetValueOrDefault(name);

    private static ImmutableSortedDictionary<string, string> Read(IEnumerable<SettingEntry> entries) =>
        Nothing.AddRange(entries.Select(e => KeyValuePair.Create(e.Name, e.Value)));
}

/// <summary>Gives the newest <see cref="SettingsSnapshot"/>.</summary>
internal interface IClusterSettings
{
    /// <summary>The newest snapshot; never blocks.</summary>
    SettingsSnapshot Current { get; }
}

/// <summary>A cluster without settings.</summary>
internal sealed class NoSettings : IClusterSettings
{
    public static NoSettings Instance { get; } = new();

    /// <inheritdoc />
    public SettingsSnapshot Current => SettingsSnapshot.Initial;
}
