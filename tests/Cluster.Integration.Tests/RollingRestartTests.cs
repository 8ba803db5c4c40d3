using MlCluster.Compose;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>Every node restarted, one after another, while clients work.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class RollingRestartTests(ServingCluster cluster) : IClassFixture<ServingCluster>
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(2);

    [SkippableFact]
    public async Task Restart_EachNodeUnderLoad_NoRequestFails()
    {
        var project = (await cluster.StartedAsync()).Project;
        var nodes = project.Replicas.Where(r => r.Rest is not null).ToArray();
        var model = await (await OperatorAsync("gateway-1")).UploadAsync();
        await (await OperatorAsync("gateway-1")).DeployAsync(model);
        var gateways = project.Of("gateway").Select(g => g.Rest!).ToArray();
        await using var predictions = SteadyLoad.Predict(gateways, model);
        await using var control = SteadyLoad.Control(gateways);

        foreach (var node in nodes)
        {
            await RestartAsync(node, nodes, model);
            await predictions.AwaitMoreAsync(20);
            await control.AwaitMoreAsync(1);
        }

        await predictions.AssertNothingFailedAsync();
        await control.AssertNothingFailedAsync();
    }

    // As an operator does it: the next one when the cluster is whole again.
    private async Task RestartAsync(ComposeReplica node, ComposeReplica[] nodes, string model)
    {
        var gateway = await OperatorAsync(node.Name == "gateway-1" ? "gateway-2" : "gateway-1");
        Assert.Equal(0, await node.StopAsync());
        await node.StartAsync();
        await node.WaitUntilHealthyAsync(StartDeadline);
        await gateway.AwaitNodesAsync(nodes.Select(n => n.Name));
        await gateway.AwaitAsync(model, "DEPLOYED", "ml-1", "ml-2");
    }

    private async Task<ClusterOperator> OperatorAsync(string gateway) => new((await cluster.StartedAsync())[gateway]);
}
