namespace MlCluster.Node.Domain.Settings;

/// <summary>Settings that clients and notebooks set and that have nothing to change here: they are checked, kept and
/// told, so that a body that holds one is not refused as a whole.</summary>
/// <remarks>Why each of them has no effect is in <c>docs/operations.md</c>.</remarks>
internal static class InertSettings
{
    private const string Prefix = MlSettings.Prefix;

    /// <summary>Of serving local models.</summary>
    private static readonly IReadOnlyList<Setting> OfServing =
    [
        new WordSetting(Prefix + "task_dispatch_policy", "round_robin", "least_load"),
        new NumberSetting<int>(Prefix + "max_ml_task_per_node", 10, 0, 10_000),
        new BooleanSetting(Prefix + "only_run_on_ml_node", true),
        new NumberSetting<int>(Prefix + "sync_up_job_interval_in_seconds", 10, 0, 86_400),
        new NumberSetting<int>(Prefix + "jvm_heap_memory_threshold", 85, 0, 100),
        new BooleanSetting(Prefix + "enable_inhouse_python_model", false),
        new NumberSetting<double>(Prefix + "model_auto_redeploy_success_ratio", 0.8, 0, 1),
        new ListSetting(Prefix + "task_dispatcher.eligible_node_role.local_model", "data", "ml"),
        new BooleanSetting(Prefix + "safe_delete_model", false),
        new BooleanSetting(Prefix + "multi_tenancy_enabled", false) { IsDynamic = false },
    ];

    /// <summary>Of remote models, agents and what is built on them.</summary>
    private static readonly IReadOnlyList<Setting> OfRemote =
    [
        new BooleanSetting(Prefix + "remote_inference.enabled", true),
        new BooleanSetting(Prefix + "connector_access_control_enabled", false),
        new BooleanSetting(Prefix + "connector.private_ip_enabled", false),
        new ListSetting(Prefix + "trusted_connector_endpoints_regex"),
        new ListSetting(Prefix + "task_dispatcher.eligible_node_role.remote_model", "data", "ml"),
        new BooleanSetting(Prefix + "model_auto_deploy.enable", true),
        new NumberSetting<int>(Prefix + "max_batch_inference_tasks", 100, 0, 10_000),
        new NumberSetting<int>(Prefix + "max_batch_ingestion_tasks", 100, 0, 10_000),
        new NumberSetting<int>(Prefix + "batch_ingestion_bulk_size", 500, 100, 100_000),
        new BooleanSetting(Prefix + "offline_batch_ingestion_enabled", true),
        new BooleanSetting(Prefix + "offline_batch_inference_enabled", true),
        new BooleanSetting(Prefix + "stream_enabled", false),
        new BooleanSetting(Prefix + "memory_feature_enabled", true),
        new BooleanSetting(Prefix + "rag_pipeline_feature_enabled", true),
        new BooleanSetting(Prefix + "agent_framework_enabled", true),
        new BooleanSetting(Prefix + "agentic_memory_enabled", true),
        new BooleanSetting(Prefix + "mcp_connector_enabled", false),
        new BooleanSetting(Prefix + "mcp_server_enabled", false),
        new BooleanSetting(Prefix + "execute_tools_enabled", true),
        new BooleanSetting(Prefix + "index_insight_feature_enabled", false),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } = [.. OfServing, .. OfRemote];
}
