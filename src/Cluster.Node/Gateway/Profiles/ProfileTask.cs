using System.Text.Json;
using MlCluster.Messages;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Documents;
using MlCluster.Node.Gateway.Documents;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Gateway.Profiles;

/// <summary>A task under way: one with a document, or a prediction, which is a task while it runs.</summary>
/// <param name="ModelId">Null: not known yet.</param>
/// <param name="Nodes">Who works on it.</param>
/// <param name="Write">Writes it as an object.</param>
internal sealed record ProfileTask(
    string Id, ModelId? ModelId, IReadOnlyList<NodeId> Nodes, Action<Utf8JsonWriter> Write)
{
    /// <summary>A task with a document.</summary>
    public static ProfileTask Of(TaskDocument task) =>
        new(task.TaskId.Value, task.ModelId, task.WorkerNodes, json => TaskDocumentWriter.Write(json, task));

    /// <summary>The predictions that nodes are answering; one that several answer is one task.</summary>
    public static IEnumerable<ProfileTask> OfPredictions(IEnumerable<NodeProfileReply> nodes) => nodes
        .SelectMany(n => n.Models.SelectMany(m => m.Predictions.Select(p => (n.NodeId, Model: m, Prediction: p))))
        .GroupBy(p => p.Prediction.Id)
        .Select(p => Of(
            p.First().Prediction with { Began = p.Min(part => part.Prediction.Began) },
            p.First().Model,
            [.. p.Select(part => part.NodeId).Distinct()]));

    private static ProfileTask Of(RunningPrediction prediction, ModelProfile model, IReadOnlyList<NodeId> nodes) => new(
        prediction.Id.Value,
        model.ModelId,
        nodes,
        json =>
        {
            json.WriteStartObject();
            json.WriteString("model_id", model.ModelId.Value);
            json.WriteString("task_type", "PREDICTION");
            json.WriteString("function_name", model.FunctionName);
            json.WriteString("state", Words.Of(TaskStatus.Running));
            json.StringArray("worker_node", nodes.Select(n => n.Value));
            json.WriteNumber("create_time", prediction.Began);
            json.WriteNumber("last_update_time", prediction.Began);
            json.WriteBoolean("is_async", false);
            json.WriteEndObject();
        });
}
