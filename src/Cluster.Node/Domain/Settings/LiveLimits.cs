using MlCluster.Node.Domain.Models;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Uploads;

namespace MlCluster.Node.Domain.Settings;

/// <summary>What the node's own configuration says, as far as no cluster setting says otherwise.</summary>
internal static class LiveLimits
{
    /// <summary>Limits of models.</summary>
    public static ModelLimits With(this ModelLimits configured, SettingsSnapshot settings) => configured with
    {
        TaskTimeout = settings.TaskTimeout(configured.TaskTimeout),
        DiskFreeThresholdBytes = settings.DiskFreeThreshold(configured.DiskFreeThresholdBytes),
        RedeploysByItself = settings.Get(MlSettings.AutoRedeploy),
        Placement = configured.Placement with
        {
            ExcludedNames = settings
                .Get(MlSettings.ExcludeNodeNames, string.Join(',', configured.Placement.ExcludedNames))
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        },
    };

    /// <summary>What uploads by URL may reach.</summary>
    public static UrlPolicy With(this UrlPolicy configured, SettingsSnapshot settings) =>
        configured with { TrustedUrl = settings.Get(MlSettings.TrustedUrlRegex, configured.TrustedUrl) };

    /// <summary>A node's place for models; what the node says of itself is its own configuration.</summary>
    public static PlacementNode PlacementUnder(this EligibleNode node, SettingsSnapshot settings)
    {
        var memory = node.Node.Devices is [var device, ..] ? device.MemoryBytes : null;
        return node.Placement with
        {
            MaxModels = settings.Get(MlSettings.MaxModelOnNode, node.Placement.MaxModels),
            MemoryBytes = settings.Get(MlSettings.NativeMemoryThreshold, -1) is >= 0 and var perCent
                ? memory / 100 * perCent
                : node.Placement.MemoryBytes,
        };
    }

    /// <summary>Downloads of a node at the same time.</summary>
    public static int Downloads(this SettingsSnapshot settings, int configured) =>
        settings.Get(MlSettings.MaxRegisterTasks, MlSettings.MaxUploadTasks, configured);

    /// <summary>A task without progress for so long fails.</summary>
    public static TimeSpan TaskTimeout(this SettingsSnapshot settings, TimeSpan configured) =>
        TimeSpan.FromSeconds(settings.Get(MlSettings.TaskTimeoutSeconds, -1)) is { Ticks: > 0 } set ? set : configured;

    /// <summary>Less free space than this refuses what writes; 0: nothing is refused.</summary>
    public static long DiskFreeThreshold(this SettingsSnapshot settings, long configured) =>
        Math.Max(0, settings.Get(MlSettings.DiskFreeSpaceThreshold, configured));
}
