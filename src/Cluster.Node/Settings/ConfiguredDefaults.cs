using System.Collections.Immutable;
using System.Globalization;
using Akka.Configuration;
using MlCluster.Node.Domain.Settings;

namespace MlCluster.Node.Settings;

/// <summary>What each setting is while nobody has set it: HOCON of this node where it has the same.</summary>
internal static class ConfiguredDefaults
{
    /// <summary>Texts by name, of every setting that is known.</summary>
    public static ImmutableSortedDictionary<string, string> Of(Config config)
    {
        var configured = Configured(config).Where(c => c.Text is not null).ToDictionary(c => c.Name, c => c.Text!);
        return SettingsCatalog.All.ToImmutableSortedDictionary(
            s => s.Name, s => configured.GetValueOrDefault(s.Name, s.Default), StringComparer.Ordinal);
    }

    private static IEnumerable<(string Name, string? Text)> Configured(Config config)
    {
        var (loads, downloads) =
            (Text(config, "mlcluster.ml.max-concurrent-loads"), Text(config, "mlcluster.data.uploads.max-concurrent"));
        return
        [
            (MlSettings.MaxModelOnNode.Name, Text(config, "mlcluster.ml.max-models")),
            (MlSettings.MaxDeployTasks.Name, loads),
            (MlSettings.MaxLoadTasks.Name, loads),
            (MlSettings.MaxRegisterTasks.Name, downloads),
            (MlSettings.MaxUploadTasks.Name, downloads),
            (MlSettings.LoadRetries.Name, Count(config, "mlcluster.ml.load-retry-delays")),
            (MlSettings.MonitoringRequestCount.Name, Text(config, "mlcluster.ml.monitoring-request-count")),
            (MlSettings.TrustedUrlRegex.Name, Text(config, "mlcluster.data.uploads.trusted-url-regex")),
            (MlSettings.ExcludeNodeNames.Name, Text(config, "mlcluster.placement.exclude-nodes")),
            (MlSettings.TaskTimeoutSeconds.Name, Seconds(config, "mlcluster.data.task-timeout")),
            (MlSettings.NativeMemoryThreshold.Name, PerCent(config, "mlcluster.ml.memory-share")),
            (MlSettings.DiskFreeSpaceThreshold.Name, Bytes(config, "mlcluster.disk-free-space-threshold")),
        ];
    }

    private static string? Text(Config config, string path) => config.HasPath(path) ? config.GetString(path) : null;

    private static string? Count(Config config, string path) => config.HasPath(path)
        ? config.GetValue(path).GetArray().Count.ToString(CultureInfo.InvariantCulture)
        : null;

    private static string? Seconds(Config config, string path) => config.HasPath(path)
        ? ((long)config.GetTimeSpan(path).TotalSeconds).ToString(CultureInfo.InvariantCulture)
        : null;

    private static string? PerCent(Config config, string path) => config.HasPath(path)
        ? Math.Round(config.GetDouble(path) * 100).ToString(CultureInfo.InvariantCulture)
        : null;

    private static string? Bytes(Config config, string path) => Text(config, path)?.Trim() switch
    {
        null => null,
        ['-', ..] => "-1",
        _ => ByteSizeSetting.Write(config.GetByteSize(path) ?? 0),
    };
}
