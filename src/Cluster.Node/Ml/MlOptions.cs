using Akka.Configuration;
using MlCluster.Inference;
using MlCluster.Messages.Routing;
using MlCluster.Node.Data;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Settings;

namespace MlCluster.Node.Ml;

/// <summary>Tunables of the role; <c>mlcluster.ml</c> in HOCON, where each is explained.</summary>
internal sealed record MlOptions(
    HostLimits Limits,
    IReadOnlyList<TimeSpan> RetryDelays,
    TimeSpan LoadTimeout,
    TimeSpan ReportInterval,
    TimeSpan ProgressInterval)
{
    public required long CacheMaxBytes { get; init; }

    public required RehearsalOptions Rehearsal { get; init; }

    public required ServingOptions Serving { get; init; }

    /// <summary>The wait before a load that failed is tried again; the last one holds for all that follow.</summary>
    /// <param name="attempts">Attempts that failed before this one.</param>
    public TimeSpan RetryDelay(int attempts) =>
        RetryDelays.Count == 0 ? TimeSpan.Zero : RetryDelays[Math.Min(attempts, RetryDelays.Count - 1)];

    public static MlOptions FromConfig(Config config)
    {
        var ml = config.GetConfig("mlcluster.ml");
        TimeSpan[] delays = [.. ml.GetValue("load-retry-delays").GetArray().Select(v => v.GetTimeSpan())];
        return new MlOptions(
            new HostLimits(
                ml.GetInt("max-models"),
                ml.GetInt("max-concurrent-loads"),
                FreeDisk.ThresholdOf(config),
                ml.GetDouble("memory-share"))
            {
                Placement = PlacementConfig.RulesOf(config),
                LoadRetries = delays.Length,
            },
            delays,
            ml.GetTimeSpan("load-timeout"),
            ml.GetTimeSpan("report-interval"),
            ml.GetTimeSpan("progress-interval"))
        {
            CacheMaxBytes = ml.GetByteSize("cache.max-size")!.Value,
            Rehearsal = RehearsalOptions.FromConfig(ml),
            Serving = ReadServing(ml.GetConfig("serving")),
        };
    }

    private static ServingOptions ReadServing(Config serving)
    {
        var workers = serving.GetInt("workers");
        return new ServingOptions(
            workers > 0 ? workers : Environment.ProcessorCount,
            serving.GetInt("max-tokens-per-forward"),
            serving.GetLong("max-queued-tokens"),
            serving.GetTimeSpan("forward-timeout"))
        {
            DrainTimeout = serving.GetTimeSpan("drain-timeout"),
            LookOut = serving.GetTimeSpan("look-out"),
            TokenizeTimeout = serving.GetTimeSpan("tokenize-timeout"),
        };
    }
}

/// <summary>What a node takes at most.</summary>
/// <param name="MaxModels">Models that it loads or serves.</param>
/// <param name="MaxConcurrentLoads">Loads that run at the same time.</param>
/// <param name="MinFreeDiskBytes">Free space below which loads are refused.</param>
/// <param name="MemoryShare">Part of the device's memory that models may take, 0–1.</param>
internal sealed record HostLimits(int MaxModels, int MaxConcurrentLoads, long MinFreeDiskBytes, double MemoryShare)
{
    /// <summary>How much memory a model is reckoned with.</summary>
    public PlacementRules Placement { get; init; } = PlacementRules.Default;

    /// <summary>How often a load that failed is tried again; 0 or less: never.</summary>
    public int LoadRetries { get; init; }

    /// <summary>These, as far as no cluster setting says otherwise.</summary>
    public HostLimits With(SettingsSnapshot settings) => this with
    {
        MaxModels = settings.Get(MlSettings.MaxModelOnNode, MaxModels),
        MaxConcurrentLoads = settings.Get(MlSettings.MaxDeployTasks, MlSettings.MaxLoadTasks, MaxConcurrentLoads),
        MinFreeDiskBytes = settings.DiskFreeThreshold(MinFreeDiskBytes),
        LoadRetries = settings.Get(MlSettings.LoadRetries, LoadRetries),
    };

    /// <summary>What the placement may give this node while no cluster setting says otherwise.</summary>
    /// <param name="deviceMemoryBytes">Memory of the preferred device; null: unknown.</param>
    public NodeCapacity CapacityOf(long? deviceMemoryBytes) => new(MaxModels, (long?)(deviceMemoryBytes * MemoryShare));
}

/// <summary>Limits of a rehearsal.</summary>
/// <param name="MemoryPerFileByte">Bytes of memory for each byte of the model's file …</param>
/// <param name="MemoryBaseBytes">… and these.</param>
/// <param name="PollInterval">How often the memory is looked at.</param>
internal sealed record RehearsalOptions(
    int MaxConcurrent, TimeSpan Timeout, int MemoryPerFileByte, long MemoryBaseBytes, TimeSpan PollInterval)
{
    public static RehearsalOptions FromConfig(Config ml)
    {
        var rehearsal = ml.GetConfig("rehearsal");
        return new RehearsalOptions(
            ml.GetInt("max-concurrent-rehearsals"),
            rehearsal.GetTimeSpan("timeout"),
            rehearsal.GetInt("memory-per-file-byte"),
            rehearsal.GetByteSize("memory-base")!.Value,
            rehearsal.GetTimeSpan("poll-interval"));
    }

    /// <summary>Most memory of a rehearsal in bytes, its runtime not counted.</summary>
    public long MemoryLimitBytes(long fileBytes) => (MemoryPerFileByte * fileBytes) + MemoryBaseBytes;
}
