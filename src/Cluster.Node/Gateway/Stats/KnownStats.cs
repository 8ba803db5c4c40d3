namespace MlCluster.Node.Gateway.Stats;

/// <summary>What statistics there are (contract 7).</summary>
internal static class KnownStats
{
    public const string ModelIndexStatus = "ml_model_index_status";
    public const string TaskIndexStatus = "ml_task_index_status";
    public const string ModelCount = "ml_model_count";
    public const string ConnectorIndexStatus = "ml_connector_index_status";
    public const string ConfigIndexStatus = "ml_config_index_status";
    public const string ControllerIndexStatus = "ml_controller_index_status";
    public const string ConnectorCount = "ml_connector_count";

    public const string HeapUsage = "ml_jvm_heap_usage";
    public const string ExecutingTaskCount = "ml_executing_task_count";
    public const string RequestCount = "ml_request_count";
    public const string FailureCount = "ml_failure_count";
    public const string DeployedModelCount = "ml_deployed_model_count";
    public const string CircuitBreakerTriggerCount = "ml_circuit_breaker_trigger_count";

    public const string ActionRequestCount = "ml_action_request_count";
    public const string ActionFailureCount = "ml_action_failure_count";

    // OpenSearch 2.4 to 2.8 called the node's numbers so.
    private const string OldNodePrefix = "ml_node_";

    private static readonly Dictionary<string, string> NoOlder = [];

    public static StatNames Levels { get; } = new(
        "Wrong ML stat level",
        [StatLevel.Cluster, StatLevel.Node, StatLevel.Algorithm, StatLevel.Action, StatLevel.Model],
        NoOlder);

    public static StatNames Cluster { get; } = new(
        "Wrong ML cluster level stat",
        [
            ModelIndexStatus, TaskIndexStatus, ModelCount,
            ConnectorIndexStatus, ConfigIndexStatus, ControllerIndexStatus, ConnectorCount,
        ],
        NoOlder);

    public static StatNames Node { get; } = new(
        "Wrong ML node level stat",
        [
            ExecutingTaskCount, HeapUsage, RequestCount, FailureCount, DeployedModelCount,
            CircuitBreakerTriggerCount,
        ],
        new Dictionary<string, string>
        {
            ["ml_node_jvm_heap_usage"] = HeapUsage,
            ["ml_node_executing_task_count"] = ExecutingTaskCount,
            ["ml_node_total_request_count"] = RequestCount,
            ["ml_node_total_failure_count"] = FailureCount,
            ["ml_node_total_model_count"] = DeployedModelCount,
            ["ml_node_total_circuit_breaker_trigger_count"] = CircuitBreakerTriggerCount,
        });

    public static StatNames ActionLevel { get; } = new(
        "Wrong ML action level stat", [ActionRequestCount, ActionFailureCount], NoOlder);

    public static StatNames Actions { get; } = new(
        "Wrong action name",
        ["train", "predict", "train_predict", "execute", "register", "deploy", "undeploy", "batch_predict"],
        new Dictionary<string, string>
        {
            ["upload"] = "register",
            ["load"] = "deploy",
            ["unload"] = "undeploy",
        });

    /// <summary>True for a name in a path that means a number of nodes, known or not.</summary>
    public static bool IsOfNode(string text) =>
        Node.Find(text) is not null || text.StartsWith(OldNodePrefix, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Levels at which statistics are told.</summary>
internal static class StatLevel
{
    public const string Cluster = "cluster";
    public const string Node = "node";
    public const string Algorithm = "algorithm";
    public const string Action = "action";
    public const string Model = "model";
}
