using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Documents;

namespace MlCluster.Node.Domain.Search.Documents;

/// <summary>One value of a field; a field with several values comes several times.</summary>
/// <param name="Text">Null for numbers.</param>
internal readonly record struct FieldValue(string Field, string? Text, long Number);

/// <summary>A document as it is searched.</summary>
/// <param name="Version">How many versions it had.</param>
/// <param name="SeqNo">Number of the change that made it what it is.</param>
/// <param name="Created">Epoch milliseconds; documents that nothing else orders come in this order.</param>
internal sealed record IndexedDocument(
    string Id, long Version, long SeqNo, long Created, IReadOnlyList<FieldValue> Fields)
{
    /// <summary>A model's document; states and types in today's words.</summary>
    public static IndexedDocument Of(ModelDocument model, long seqNo) => new(
        model.ModelId.Value, model.Version, seqNo, model.Times.Created, [.. FieldsOf(model)]);

    /// <summary>A task's document.</summary>
    public static IndexedDocument Of(TaskDocument task, long seqNo) => new(
        task.TaskId.Value, task.Version, seqNo, task.CreateTime, [.. FieldsOf(task)]);

    /// <summary>A group's document.</summary>
    public static IndexedDocument Of(ModelGroupDocument group, long seqNo) => new(
        group.GroupId.Value, group.Version, seqNo, group.Created, [.. FieldsOf(group)]);

    private static IEnumerable<FieldValue> FieldsOf(ModelDocument model) => Present(
        [
            Text("name", model.Spec.Name),
            Text("model_group_id", model.Spec.ModelGroupId),
            Text("algorithm", model.Spec.FunctionName),
            Text("model_version", model.Spec.Version),
            Text("description", model.Spec.Description),
            Text("model_format", model.Spec.ModelFormat),
            Text("model_state", Words.Of(model.Status, Dialect.Current)),
            Number("model_content_size_in_bytes", model.Content.SizeBytes),
            Text("model_content_hash_value", model.Content.Sha256),
            Number("created_time", model.Times.Created),
            Number("last_updated_time", model.Times.LastUpdated),
            Number(Words.LastRegistered(Dialect.Current), model.Times.LastRegistered),
            Number(Words.LastDeployed(Dialect.Current), model.Times.LastDeployed),
            Number(Words.LastUndeployed(Dialect.Current), model.Times.LastUndeployed),
            Number("total_chunks", model.Content.TotalChunks),
            Number("planning_worker_node_count", model.Nodes.Count),
            Number("current_worker_node_count", model.Nodes.Count(n => n.Status == NodeDeploymentStatus.Loaded)),
            .. model.Nodes.Select(n => Text("planning_worker_nodes", n.NodeId.Value)),
            Flag("deploy_to_all_nodes", model.DeployToAllNodes),
            Flag("is_enabled", model.Spec.IsEnabled ?? true),
            Flag("is_controller_enabled", model.IsControllerEnabled),
            Text("rate_limiter.limit", model.Spec.RateLimiter?.Limit),
            Text("rate_limiter.unit", model.Spec.RateLimiter?.Unit is { } unit ? Words.Of(unit) : null),
            .. FieldsOf(model.Spec.Config),
        ]);

    private static IEnumerable<FieldValue?> FieldsOf(ModelConfig config) =>
    [
        Text("model_config.model_type", config.ModelType),
        Number("model_config.embedding_dimension", config.EmbeddingDimension),
        Text("model_config.framework_type", config.FrameworkType),
        Text("model_config.all_config", config.AllConfig),
        Text("model_config.pooling_mode", config.PoolingMode),
        Flag("model_config.normalize_result", config.NormalizeResult),
        Number("model_config.model_max_length", config.ModelMaxLength),
        Text("model_config.query_prefix", config.QueryPrefix),
        Text("model_config.passage_prefix", config.PassagePrefix),
    ];

    private static IEnumerable<FieldValue> FieldsOf(TaskDocument task) => Present(
        [
            Text("model_id", task.ModelId?.Value),
            Text("task_type", Words.Of(task.Type, Dialect.Current)),
            Text("function_name", task.FunctionName),
            Text("state", Words.Of(task.Status)),
            .. WorkersOf(task),
            Number("create_time", task.CreateTime),
            Number("last_update_time", task.LastUpdateTime),
            Text("error", task.Error),
            Flag("is_async", true),
        ]);

    private static IEnumerable<FieldValue> FieldsOf(ModelGroupDocument group) => Present(
        [
            Text("name", group.Name),
            Text("description", group.Description),
            .. group.Access.BackendRoles.Select(r => Text("backend_roles", r)),
            Text("access", Words.Of(group.Access.Mode)),
            Number("latest_version", group.LatestVersion),
            Number("created_time", group.Created),
            Number("last_updated_time", group.LastUpdated),
        ]);

    // The older dialect shows them as one text; a search for one of them finds both.
    private static IEnumerable<FieldValue?> WorkersOf(TaskDocument task) =>
        task.WorkerNodes.Select(n => Text("worker_node", n.Value));

    private static IEnumerable<FieldValue> Present(IEnumerable<FieldValue?> values) =>
        values.OfType<FieldValue>();

    private static FieldValue? Text(string field, string? text) =>
        text is null ? null : new FieldValue(field, text, 0);

    private static FieldValue? Number(string field, long? number) =>
        number is { } n ? new FieldValue(field, null, n) : null;

    private static FieldValue? Flag(string field, bool? flag) =>
        flag is { } f ? new FieldValue(field, null, f ? 1 : 0) : null;
}
