using MlCluster.Node.Domain.Uploads;

namespace MlCluster.Node.Domain.Settings;

/// <summary>Settings that change what this cluster does.</summary>
/// <remarks>Names, types and ranges: contract 13. Each is described in <c>docs/operations.md</c>.</remarks>
internal static class MlSettings
{
    /// <summary>What all of them begin with.</summary>
    public const string Prefix = "plugins.ml_commons.";

    /// <summary>Models that a node loads or serves.</summary>
    public static readonly NumberSetting<int> MaxModelOnNode = new(Prefix + "max_model_on_node", 10, 0, 10_000);

    /// <summary>Downloads of a node at the same time.</summary>
    public static readonly NumberSetting<int> MaxRegisterTasks =
        new(Prefix + "max_register_model_tasks_per_node", 10, 0, 10);

    /// <summary>The name that <see cref="MaxRegisterTasks"/> had before 2.7.</summary>
    public static readonly NumberSetting<int> MaxUploadTasks =
        new(Prefix + "max_upload_model_tasks_per_node", 10, 0, 10);

    /// <summary>Loads of a node at the same time.</summary>
    public static readonly NumberSetting<int> MaxDeployTasks =
        new(Prefix + "max_deploy_model_tasks_per_node", 10, 0, 10);

    /// <summary>The name that <see cref="MaxDeployTasks"/> had before 2.7.</summary>
    public static readonly NumberSetting<int> MaxLoadTasks = new(Prefix + "max_load_model_tasks_per_node", 10, 0, 10);

    /// <summary>Requests that the times in the profile cover.</summary>
    public static readonly NumberSetting<int> MonitoringRequestCount =
        new(Prefix + "monitoring_request_count", 100, 0, 10_000_000);

    /// <summary>Searched for in URLs of uploads.</summary>
    public static readonly PatternSetting TrustedUrlRegex =
        new(Prefix + "trusted_url_regex", TrustedUrlPattern.Default);

    /// <summary>A task without progress for so many seconds fails.</summary>
    public static readonly NumberSetting<int> TaskTimeoutSeconds =
        new(Prefix + "ml_task_timeout_in_seconds", 600, 1, 86_400);

    /// <summary>Per cent of the device's memory that models may take.</summary>
    public static readonly NumberSetting<int> NativeMemoryThreshold =
        new(Prefix + "native_memory_threshold", 85, 0, 100);

    /// <summary>Less free space than this refuses what writes; -1: nothing is refused.</summary>
    public static readonly ByteSizeSetting DiskFreeSpaceThreshold = new(Prefix + "disk_free_space_threshold", "5gb");

    /// <summary>Names of nodes that get no more models, with commas.</summary>
    public static readonly TextSetting ExcludeNodeNames = new(Prefix + "exclude_nodes._name", "");

    /// <summary>Whether loads and unloads may name nodes.</summary>
    public static readonly BooleanSetting AllowCustomDeploymentPlan =
        new(Prefix + "allow_custom_deployment_plan", true);

    /// <summary>Whether models come back by themselves on nodes that restart or join.</summary>
    public static readonly BooleanSetting AutoRedeploy = new(Prefix + "model_auto_redeploy.enable", true);

    /// <summary>How often a load that failed is tried again by itself.</summary>
    public static readonly NumberSetting<int> LoadRetries =
        new(Prefix + "model_auto_redeploy.lifetime_retry_times", 3, int.MinValue, int.MaxValue);

    /// <summary>Bytes of JSON that is held against a model's interface; -1: any number.</summary>
    public static readonly NumberSetting<int> MaxJsonSize =
        new(Prefix + "max_json_size", 100_000_000, -1, int.MaxValue);

    /// <summary>Whether models may be registered from a URL.</summary>
    public static readonly BooleanSetting AllowUrl = new(Prefix + "allow_registering_model_via_url", true);

    /// <summary>Whether models may be registered by chunks.</summary>
    public static readonly BooleanSetting AllowLocalFile =
        new(Prefix + "allow_registering_model_via_local_file", true);

    /// <summary>Whether models that run in the cluster may be registered, deployed and asked.</summary>
    public static readonly BooleanSetting LocalModels = new(Prefix + "local_model.enabled", true);

    /// <summary>Whether model groups may say who may use them.</summary>
    public static readonly BooleanSetting ModelAccessControl = new(Prefix + "model_access_control_enabled", false);

    /// <summary>Whether models may have controllers.</summary>
    public static readonly BooleanSetting Controllers = new(Prefix + "controller_enabled", true);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        MaxModelOnNode, MaxRegisterTasks, MaxUploadTasks, MaxDeployTasks, MaxLoadTasks, MonitoringRequestCount,
        TrustedUrlRegex, TaskTimeoutSeconds, NativeMemoryThreshold, DiskFreeSpaceThreshold, ExcludeNodeNames,
        AllowCustomDeploymentPlan, AutoRedeploy, LoadRetries, MaxJsonSize, AllowUrl, AllowLocalFile, LocalModels,
        ModelAccessControl, Controllers,
    ];
}
