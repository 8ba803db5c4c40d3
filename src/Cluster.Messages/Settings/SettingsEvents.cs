namespace MlCluster.Messages.Settings;

/// <summary>Cluster settings were changed; holds all that are not at their default, so earlier events say
/// nothing more.</summary>
/// <param name="Persistent">By name, in order.</param>
/// <param name="Transient">By name, in order.</param>
/// <param name="Time">Epoch milliseconds.</param>
public sealed record SettingsSaved(
    IReadOnlyList<SettingEntry> Persistent, IReadOnlyList<SettingEntry> Transient, long Time) : IPersistedEvent;
