using System.Text.Json;
using MlCluster.Messages;
using MlCluster.Node.Gateway.Documents;

namespace MlCluster.Node.Gateway.Profiles;

/// <summary>Writes a profile by node or by model (contract 6); nothing to say: <c>{}</c>.</summary>
internal static class ProfileWriter
{
    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter json, ProfileData data, bool byModel)
    {
        json.WriteStartObject();
        if (byModel)
        {
            WriteModels(json, data);
        }
        else
        {
            WriteNodes(json, data);
        }

        json.WriteEndObject();
    }

    private static void WriteNodes(Utf8JsonWriter json, ProfileData data)
    {
        var models = data.Models.ToLookup(m => m.NodeId);
        var tasks = data.Tasks.SelectMany(t => t.Nodes.Select(n => (Node: n, Task: t)))
            .ToLookup(t => t.Node, t => t.Task);
        var nodes = models.Select(m => m.Key).Union(tasks.Select(t => t.Key))
            .OrderBy(n => n.Value, StringComparer.Ordinal).ToList();
        if (nodes.Count == 0)
        {
            return;
        }

        json.WriteStartObject("nodes");
        foreach (var node in nodes)
        {
            json.WriteStartObject(node.Value);
            WriteTasks(json, [.. tasks[node]]);
            WriteNodeModels(json, data, [.. models[node]]);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteNodeModels(Utf8JsonWriter json, ProfileData data, IReadOnlyList<ModelOnNode> models)
    {
        if (models.Count == 0)
        {
            return;
        }

        json.WriteStartObject("models");
        foreach (var model in models)
        {
            json.WriteStartObject(model.ModelId.Value);
            ModelProfileWriter.WriteFields(json, model, data.DialectOf(model.ModelId));
            WriteWorkers(json, data, model.ModelId);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteModels(Utf8JsonWriter json, ProfileData data)
    {
        var byModel = data.Models.ToLookup(m => m.ModelId);
        var tasks = data.Tasks.Where(t => t.ModelId is not null).ToLookup(t => t.ModelId!.Value);
        var models = byModel.Select(g => g.Key).Union(tasks.Select(g => g.Key)).ToList();
        if (models.Count == 0)
        {
            return;
        }

        json.WriteStartObject("models");
        foreach (var model in models)
        {
            json.WriteStartObject(model.Value);
            WriteWorkers(json, data, model);
            json.WriteStartObject("nodes");
            foreach (var onNode in byModel[model])
            {
                json.WriteStartObject(onNode.NodeId.Value);
                ModelProfileWriter.WriteFields(json, onNode, data.DialectOf(model));
                json.WriteEndObject();
            }

            json.WriteEndObject();
            WriteTasks(json, [.. tasks[model]]);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteWorkers(Utf8JsonWriter json, ProfileData data, ModelId model)
    {
        json.StringArray("target_worker_nodes", data.TargetsOf(model));
        json.StringArray("worker_nodes", data.WorkersOf(model));
    }

    private static void WriteTasks(Utf8JsonWriter json, IReadOnlyList<ProfileTask> tasks)
    {
        if (tasks.Count == 0)
        {
            return;
        }

        json.WriteStartObject("tasks");
        foreach (var task in tasks)
        {
            json.WritePropertyName(task.Id);
            task.Write(json);
        }

        json.WriteEndObject();
    }
}
