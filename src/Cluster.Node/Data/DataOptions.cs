using Akka.Configuration;
using MlCluster.Node.Data.Pretrained;
using MlCluster.Node.Data.Search;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Data;

/// <summary>Tunables of the data role (<c>mlcluster.data</c>, see <c>hocon/data.hocon</c>).</summary>
internal sealed record DataOptions
{
    /// <summary>Longest wait for one chunk of the journal.</summary>
    public TimeSpan ChunkReadTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Limits of models and their archives.</summary>
    public ModelLimits Limits { get; init; } = new();

    /// <summary>How uploads run.</summary>
    public UploadOptions Uploads { get; init; } = new();

    /// <summary>A wanted node that is away for so long has left.</summary>
    public TimeSpan NodeLostAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>An undeployment answers after so long at the latest.</summary>
    public TimeSpan UndeployTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often an entity looks whether something is missing.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Before a node is told again.</summary>
    public TimeSpan NodeRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Before a task is told again.</summary>
    public TimeSpan TaskRetry { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Idle entities leave memory after so long.</summary>
    public TimeSpan PassivateAfter { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How often the supervisor reads the journal.</summary>
    public TimeSpan SupervisorPoll { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Events a read.</summary>
    public int SupervisorBatch { get; init; } = 1000;

    /// <summary>How often the supervisor pokes what is unfinished.</summary>
    public TimeSpan SupervisorPoke { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it is looked for models that nobody uses any more.</summary>
    public TimeSpan IdleCheck { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Ended tasks, and what is left of deleted models and tasks, are forgotten after so long.</summary>
    public TimeSpan TaskRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How often that is looked for.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Where pretrained models come from.</summary>
    public RepositoryOptions Repository { get; init; } = RepositoryOptions.None;

    /// <summary>How documents are searched.</summary>
    public SearchOptions Search { get; init; } = new();

    /// <summary>Reads the settings; what is absent keeps its default.</summary>
    public static DataOptions FromConfig(Config root)
    {
        var d = new DataOptions();
        var config = root.GetConfig("mlcluster.data") ?? Config.Empty;
        return new DataOptions
        {
            ChunkReadTimeout = config.GetTimeSpan("chunk-read-timeout", d.ChunkReadTimeout),
            Limits = LimitsFrom(config, d.Limits) with
            {
                DiskFreeThresholdBytes = FreeDisk.ThresholdOf(root),
                Placement = PlacementConfig.RulesOf(root),
            },
            Uploads = UploadOptions.FromConfig(config),
            Repository = RepositoryOptions.FromConfig(root),
            NodeLostAfter = config.GetTimeSpan("node-lost-after", d.NodeLostAfter),
            UndeployTimeout = config.GetTimeSpan("undeploy-timeout", d.UndeployTimeout),
            Tick = config.GetTimeSpan("tick", d.Tick),
            NodeRetry = config.GetTimeSpan("node-retry", d.NodeRetry),
            TaskRetry = config.GetTimeSpan("task-retry", d.TaskRetry),
            PassivateAfter = config.GetTimeSpan("passivate-after", d.PassivateAfter),
            SupervisorPoll = config.GetTimeSpan("supervisor.poll", d.SupervisorPoll),
            SupervisorBatch = config.GetInt("supervisor.batch", d.SupervisorBatch),
            SupervisorPoke = config.GetTimeSpan("supervisor.poke", d.SupervisorPoke),
            IdleCheck = config.GetTimeSpan("supervisor.idle-check", d.IdleCheck),
            TaskRetention = config.GetTimeSpan("task-retention", d.TaskRetention),
            Search = SearchOptions.FromConfig(config),
            RetentionInterval = config.GetTimeSpan("retention-interval", d.RetentionInterval),
        };
    }

    private static long ModelBytes(Config config, long fallback) =>
        config.GetByteSize("uploads.max-model-size", fallback) is > 0 and <= ContentRules.MostBytes and { } bytes
            ? bytes
            : throw new ConfigurationException(
                $"mlcluster.data.uploads.max-model-size: give a size from 1 B to {ContentRules.MostBytes} B");

    private static ModelLimits LimitsFrom(Config config, ModelLimits d) => new()
    {
        MaxModelBytes = ModelBytes(config, d.MaxModelBytes),
        MaxChunks = config.GetInt("uploads.max-chunks", d.MaxChunks),
        MaxDownloadStarts = config.GetInt("uploads.max-starts", d.MaxDownloadStarts),
        TaskTimeout = config.GetTimeSpan("task-timeout", d.TaskTimeout),
        UploadExpiry = config.GetTimeSpan("uploads.expiry", d.UploadExpiry),
        RoomRetry = config.GetTimeSpan("room-retry", d.RoomRetry),
        MaxRoomRetry = config.GetTimeSpan("max-room-retry", d.MaxRoomRetry),
        SnapshotAfter = config.GetInt("snapshot-after", d.SnapshotAfter),
    };
}
