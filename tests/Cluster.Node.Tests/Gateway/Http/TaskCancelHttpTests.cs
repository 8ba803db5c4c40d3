using MlCluster.Messages;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Tests.Gateway.Support;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>Tasks of local models cannot be cancelled, as in OpenSearch.</summary>
public sealed class TaskCancelHttpTests : IAsyncLifetime
{
    private static readonly string Cancel = $"/_plugins/_ml/tasks/{Samples.Task}/_cancel";
    private readonly GatewayHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Cancel_LocalTask_IsRefusedInOpenSearchsWords()
    {
        _host.Cluster.Answer<GetTask>(
            _ => Samples.TaskDocument(TaskType.DeployModel, TaskStatus.Running, Dialect.Current));

        Assert.Equal(
            ("illegal_argument_exception", "The task ID you provided does not have any associated batch job"),
            await _host.RefusedAsync(400, "POST", Cancel));
    }

    [Fact]
    public async Task Cancel_UnknownTask_IsNotFound()
    {
        _host.Cluster.Answer<GetTask>(
            t => new TaskRejected(t.TaskId, new ProtocolError(ErrorCode.NotFound, "Failed to find task")));

        Assert.Equal(("status_exception", "Failed to find task"), await _host.RefusedAsync(404, "POST", Cancel));
    }
}
