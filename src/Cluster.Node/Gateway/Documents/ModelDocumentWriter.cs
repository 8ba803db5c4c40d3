using System.Text.Json;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Documents;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Gateway.Documents;

/// <summary>Writes a model's document; keys in OpenSearch's order (contract 10.1).</summary>
internal static class ModelDocumentWriter
{
    private const long NoTtl = -1;

    public static void Write(Utf8JsonWriter json, ModelDocument model)
    {
        json.WriteStartObject();
        WriteSpec(json, model);
        WriteContent(json, model);
        WriteConfig(json, model.Spec.Config);
        WriteDeploySetting(json, model.Spec.DeploySetting);
        WriteRules(json, model);
        WriteTimes(json, model);
        WritePlan(json, model);
        WriteInterface(json, model.Spec.Interface);
        json.WriteEndObject();
    }

    private static void WriteSpec(Utf8JsonWriter json, ModelDocument model)
    {
        var spec = model.Spec;
        json.WriteString("name", spec.Name);
        json.OptionalString("model_group_id", spec.ModelGroupId);
        json.WriteString("algorithm", spec.FunctionName);
        json.OptionalString("model_version", spec.Version);
        json.OptionalString("description", spec.Description);
        json.WriteString("model_format", spec.ModelFormat);
        json.WriteString("model_state", Words.Of(model.Status, model.Dialect));
    }

    private static void WriteContent(Utf8JsonWriter json, ModelDocument model)
    {
        json.OptionalNumber("model_content_size_in_bytes", model.Content.SizeBytes);
        json.OptionalString("model_content_hash_value", model.Content.Sha256);
        // Ours: OpenSearch says nothing of it before a deployment fails.
        json.OptionalString("model_content_error", model.Content.Problem);
    }

    private static void WriteConfig(Utf8JsonWriter json, ModelConfig config)
    {
        if (config == ModelConfigRules.None)
        {
            return;
        }

        json.WriteStartObject("model_config");
        json.OptionalString("model_type", NullIfEmpty(config.ModelType));
        json.OptionalNumber("embedding_dimension", config.EmbeddingDimension);
        json.OptionalString("framework_type", NullIfEmpty(config.FrameworkType));
        json.OptionalString("all_config", config.AllConfig);
        if (config.AdditionalConfig is { } additional)
        {
            json.WritePropertyName("additional_config");
            json.WriteRawValue(additional, skipInputValidation: true);
        }

        json.OptionalString("pooling_mode", config.PoolingMode);
        json.OptionalBoolean("normalize_result", config.NormalizeResult);
        json.OptionalNumber("model_max_length", config.ModelMaxLength);
        json.OptionalString("query_prefix", config.QueryPrefix);
        json.OptionalString("passage_prefix", config.PassagePrefix);
        json.WriteEndObject();
    }

    private static void WriteDeploySetting(Utf8JsonWriter json, DeploySetting? setting)
    {
        if (setting is null)
        {
            return;
        }

        json.WriteStartObject("deploy_setting");
        json.OptionalBoolean("is_auto_deploy_enabled", setting.IsAutoDeployEnabled);
        json.WriteNumber("model_ttl_minutes", setting.ModelTtlMinutes ?? NoTtl);
        json.WriteEndObject();
    }

    // As text, whichever way they came.
    private static void WriteInterface(Utf8JsonWriter json, ModelInterface? schemas)
    {
        if (schemas is null)
        {
            return;
        }

        json.WriteStartObject("interface");
        json.OptionalString("input", schemas.Input);
        json.OptionalString("output", schemas.Output);
        json.WriteEndObject();
    }

    // The older generation of the API knew no such fields: it is told what was set.
    private static void WriteRules(Utf8JsonWriter json, ModelDocument model)
    {
        var isEnabled = model.Spec.IsEnabled ?? (model.Dialect == Dialect.Current ? true : (bool?)null);
        json.OptionalBoolean("is_enabled", isEnabled);
        json.OptionalBoolean("is_controller_enabled", model.IsControllerEnabled);
        json.Limiter("rate_limiter", model.Spec.RateLimiter);
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static void WriteTimes(Utf8JsonWriter json, ModelDocument model)
    {
        var (times, dialect) = (model.Times, model.Dialect);
        json.WriteNumber("created_time", times.Created);
        json.WriteNumber("last_updated_time", times.LastUpdated);
        json.OptionalNumber(Words.LastRegistered(dialect), times.LastRegistered);
        json.OptionalNumber(Words.LastDeployed(dialect), times.LastDeployed);
        json.OptionalNumber(Words.LastUndeployed(dialect), times.LastUndeployed);
    }

    private static void WritePlan(Utf8JsonWriter json, ModelDocument model)
    {
        json.OptionalNumber("total_chunks", model.Content.TotalChunks);
        json.WriteNumber("planning_worker_node_count", model.Nodes.Count);
        json.WriteNumber("current_worker_node_count", model.Nodes.Count(n => n.Status == NodeDeploymentStatus.Loaded));
        json.StringArray("planning_worker_nodes", model.Nodes.Select(n => n.NodeId.Value));
        json.WriteBoolean("deploy_to_all_nodes", model.DeployToAllNodes);
    }
}
