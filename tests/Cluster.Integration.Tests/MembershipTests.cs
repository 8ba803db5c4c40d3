using MlCluster.Compose;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>Ml nodes that join and leave while clients predict.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class MembershipTests(ServingCluster cluster) : IClassFixture<ServingCluster>
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(2);

    [SkippableFact]
    public async Task JoinAndLeave_ModelOnAllNodes_FollowsThemAndNoRequestFails()
    {
        var (project, gateway) = await StartedAsync();
        var model = await gateway.UploadAsync();
        await gateway.DeployAsync(model);
        await using var load = SteadyLoad.Predict(Gateways(project), model);

        await project.ScaleAsync("ml", 3);
        await project["ml-3"].WaitUntilHealthyAsync(StartDeadline);
        await gateway.AwaitAsync(model, "DEPLOYED", "ml-1", "ml-2", "ml-3");
        await load.AwaitMoreAsync(50);
        await project.ScaleAsync("ml", 2);
        await gateway.AwaitAsync(model, "DEPLOYED", "ml-1", "ml-2");

        await load.AwaitMoreAsync(50);
        await load.AssertNothingFailedAsync();
        await gateway.RemoveAsync(model);
    }

    [SkippableFact]
    public async Task Leave_ModelOnNamedNodes_IsPartialUntilTheNodeIsBack()
    {
        var (project, gateway) = await StartedAsync();
        var model = await gateway.UploadAsync();
        await gateway.DeployAsync(model, "ml-1", "ml-2");
        await using var load = SteadyLoad.Predict(Gateways(project), model);

        Assert.Equal(0, await project["ml-2"].StopAsync());
        await gateway.AwaitAsync(model, "PARTIALLY_DEPLOYED", "ml-1");
        await load.AwaitMoreAsync(50);
        await project["ml-2"].StartAsync();
        await gateway.AwaitAsync(model, "DEPLOYED", "ml-1", "ml-2");

        await load.AssertNothingFailedAsync();
        await project["ml-2"].WaitUntilHealthyAsync(StartDeadline);
        await gateway.RemoveAsync(model);
    }

    private static Uri[] Gateways(ComposeProject project) => [.. project.Of("gateway").Select(g => g.Rest!)];

    private async Task<(ComposeProject Project, ClusterOperator Gateway)> StartedAsync()
    {
        var started = await cluster.StartedAsync();
        return (started.Project, new ClusterOperator(started["gateway-1"]));
    }
}
