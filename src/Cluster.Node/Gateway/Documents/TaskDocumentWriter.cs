using System.Text.Json;
using MlCluster.Messages;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Documents;

namespace MlCluster.Node.Gateway.Documents;

/// <summary>Writes a task's document; keys in OpenSearch's order (contract 10.3).</summary>
internal static class TaskDocumentWriter
{
    public static void Write(Utf8JsonWriter json, TaskDocument task)
    {
        json.WriteStartObject();
        json.OptionalString("model_id", task.ModelId?.Value);
        json.WriteString("task_type", Words.Of(task.Type, task.Dialect));
        json.WriteString("function_name", task.FunctionName);
        json.WriteString("state", Words.Of(task.Status));
        if (task.Progress is { } progress)
        {
            json.WriteNumber("progress", progress);
        }

        WriteWorkers(json, task);
        json.WriteNumber("create_time", task.CreateTime);
        json.WriteNumber("last_update_time", task.LastUpdateTime);
        json.OptionalString("error", task.Error);
        json.WriteBoolean("is_async", true);
        json.WriteEndObject();
    }

    private static void WriteWorkers(Utf8JsonWriter json, TaskDocument task)
    {
        if (task.Dialect == Dialect.Legacy)
        {
            json.WriteString("worker_node", string.Join(',', task.WorkerNodes.Select(n => n.Value)));
        }
        else
        {
            json.StringArray("worker_node", task.WorkerNodes.Select(n => n.Value));
        }
    }
}
