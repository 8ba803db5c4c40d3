namespace MlCluster.Messages.Settings;

/// <summary>Gateway → SettingsActor: set or reset cluster settings, all of them or none. Answer: an
/// <see cref="ISettingsReply"/>.</summary>
/// <param name="Persistent">Kept for ever.</param>
/// <param name="Transient">Kept until the whole cluster restarts; they win over persistent ones.</param>
public sealed record ChangeSettings(IReadOnlyList<SettingChange> Persistent, IReadOnlyList<SettingChange> Transient)
    : IClusterProtocol;

/// <summary>One setting that is to change.</summary>
/// <param name="Name">Dotted; ends in <c>*</c> where all that match are to be reset.</param>
/// <param name="Value">As text, a list as a JSON array of texts; null: back to the default.</param>
public sealed record SettingChange(string Name, string? Value);

/// <summary>A setting and its value.</summary>
/// <param name="Value">As text, a list as a JSON array of texts.</param>
public sealed record SettingEntry(string Name, string Value);

/// <summary>Answers to <see cref="ChangeSettings"/>.</summary>
public interface ISettingsReply : IClusterProtocol;

/// <summary>The change is in the journal.</summary>
/// <param name="Acknowledged">True: every node that can be reached goes by it already; false: some have not said so in
/// time, they follow.</param>
/// <param name="Version">Of the settings, after it.</param>
public sealed record SettingsChanged(bool Acknowledged, long Version) : ISettingsReply;

/// <summary>Nothing was changed.</summary>
public sealed record SettingsRejected(ProtocolError Error) : ISettingsReply;

/// <summary>All settings that are not at their default: through distributed data for nodes that join, and from the
/// SettingsActor to each node when they change. Answer: <see cref="SettingsTaken"/>.</summary>
/// <param name="Version">Grows with every change, for the life of the journal; 0: nothing was ever set.</param>
public sealed record PublishedSettings(
    long Version, IReadOnlyList<SettingEntry> Persistent, IReadOnlyList<SettingEntry> Transient) : IClusterProtocol;

/// <summary>A node goes by these settings now.</summary>
/// <param name="Version">What it goes by; may be newer than what it was told.</param>
public sealed record SettingsTaken(long Version) : IClusterProtocol;
