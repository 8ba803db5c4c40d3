using System.Collections.Frozen;

namespace MlCluster.Node.Domain.Settings;

/// <summary>Every cluster setting that is known.</summary>
internal static class SettingsCatalog
{
    private static readonly FrozenDictionary<string, Setting> ByName =
        MlSettings.All.Concat(InertSettings.All).ToFrozenDictionary(s => s.Name, StringComparer.Ordinal);

    /// <summary>All, by name.</summary>
    public static IReadOnlyList<Setting> All { get; } =
        [.. ByName.Values.OrderBy(s => s.Name, StringComparer.Ordinal)];

    /// <summary>Null: nobody knows it.</summary>
    public static Setting? Find(string name) => ByName.GetValueOrDefault(name);
}
