using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MlCluster.Messages;
using MlCluster.Messages.Tasks;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Domain.Tasks;

/// <summary>From the words of nodes to the end of a task, and from a state to its document.</summary>
internal static class TaskOutcomes
{
    // The text goes into a JSON string, not into HTML.
    private static readonly JsonWriterOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All nodes have spoken (contract 11.4).</summary>
    public static TaskFinished EndOf(TaskState state, TaskId id, long now)
    {
        var failed = state.Outcomes.Count(o => o.Value is not null);
        var status = failed switch
        {
            0 => TaskStatus.Completed,
            _ when failed < state.Outcomes.Count => TaskStatus.CompletedWithError,
            _ => TaskStatus.Failed,
        };
        return new TaskFinished(id, status, null, failed == 0 ? null : ErrorsOf(state), now);
    }

    public static string TimeoutReason(TimeSpan timeout) =>
        string.Create(CultureInfo.InvariantCulture, $"timeout after {(long)timeout.TotalSeconds} seconds");

    public static TaskDocument DocumentOf(TaskState state)
    {
        var created = state.Created!;
        return new TaskDocument(
            created.TaskId,
            state.ModelId,
            created.Type,
            created.FunctionName,
            state.Status,
            created.WorkerNodes,
            created.Time,
            state.LastUpdateTime,
            state.IsOpen ? state.Progress : null,
            state.Error,
            created.Dialect,
            state.Version);
    }

    private static string ErrorsOf(TaskState state)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Readable))
        {
            json.WriteStartObject();
            foreach (var (node, error) in state.Outcomes.OrderBy(o => o.Key.Value, StringComparer.Ordinal))
            {
                if (error is not null)
                {
                    json.WriteString(node.Value, error);
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
