using MlCluster.Messages;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Gateway.Documents;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;
using MlCluster.Node.Hosting;

namespace MlCluster.Node.Gateway.Endpoints;

/// <summary>Reads and deletes tasks, and says that none can be cancelled (contract 4.1, 4.2, 4.4).</summary>
internal sealed class TaskEndpoints(IClusterClient client) : IEndpointSource
{
    private const string Path = "/_plugins/_ml/tasks/{task_id}";

    /// <inheritdoc />
    public IEnumerable<ApiEndpoint> Endpoints =>
    [
        new("GET", Path, GetAsync)
            { Description = new("getTask", "Tasks", "Get a task") { Answer = "Task", Errors = [404] } },
        new("DELETE", Path, DeleteAsync)
        {
            Description = new("deleteTask", "Tasks", "Delete a task that has ended")
                { Answer = "DeletedDocument", Errors = [404] },
        },
        new("POST", $"{Path}/_cancel", CancelAsync)
        {
            Description = new("cancelTask", "Tasks", "Cancel a batch job, of which there are none here")
                { AlwaysRefuses = true, Errors = [404] },
        },
    ];

    private async ValueTask<ApiAnswer> GetAsync(ApiCall call)
    {
        var reply = await client.AskTaskAsync<IWithTaskId>(new GetTask(IdOf(call)), call.Cancelled);
        var document = reply.ExpectDocument();
        return new JsonAnswer(json => TaskDocumentWriter.Write(json, document));
    }

    private async ValueTask<ApiAnswer> DeleteAsync(ApiCall call)
    {
        var task = IdOf(call);
        var command = new DeleteTask(task, new CommandId(NewIds.Next()));
        var deleted = (await client.AskTaskAsync<ITaskReply>(command, call.Cancelled)).ExpectDeleted();
        return new JsonAnswer(json => DeletedDocument.Write(json, ".plugins-ml-task", task.Value, deleted.Version));
    }

    // OpenSearch cancels batch jobs of remote models alone.
    private async ValueTask<ApiAnswer> CancelAsync(ApiCall call)
    {
        var reply = await client.AskTaskAsync<IWithTaskId>(new GetTask(IdOf(call)), call.Cancelled);
        _ = reply.ExpectDocument();
        throw ApiError.IllegalArgument("The task ID you provided does not have any associated batch job").ToException();
    }

    private static TaskId IdOf(ApiCall call) => TaskId.TryParse(call.Segment("{task_id}"), out var task)
        ? task
        : throw ApiError.OfStatus(404, "Failed to find task").ToException();
}
