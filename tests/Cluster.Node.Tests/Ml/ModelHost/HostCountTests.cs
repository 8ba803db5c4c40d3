using Akka.Actor;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Node.Telemetry;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.ModelHost;

/// <summary>What the host counts as deployments and undeployments.</summary>
public sealed class HostCountTests : HostKit
{
    [Fact]
    public void Load_ServedAndUnloaded_IsOneRequestOfEach()
    {
        var loader = Load(TestModels.Load());
        Serve(loader);
        Host.Tell(new UnloadModel(Id, 2), TestActor);
        StageOf(Id);

        Assert.Equal((1, 0), Count(ActionNames.Deploy));
        Assert.Equal((1, 0), Count(ActionNames.Undeploy));
    }

    [Fact]
    public void LoadFailed_AfterAllAttempts_IsOneFailure()
    {
        Host.Tell(TestModels.Load());
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            Fail(NextLoader(), "journal busy", mayPass: true);
        }

        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Failed);
        Assert.Equal((1, 1), Count(ActionNames.Deploy));
    }

    [Fact]
    public void Load_NoDisk_IsAFailureAndARefusal()
    {
        IsCached = false;
        FreeDisk = 10;

        Host.Tell(TestModels.Load());

        Models.FishForMessage<ReportNodeDeployment>(r => r.Status == NodeDeploymentStatus.Failed, Patience.Deadline);
        Assert.Equal((1, 1), Count(ActionNames.Deploy));
        Assert.Equal(1, Metrics.Read().Numbers.Refusals);
    }

    private (long Requests, long Failures) Count(string action) =>
        Metrics.Read().Actions.SingleOrDefault(a => a.Action == action) is { } counted
            ? (counted.Requests, counted.Failures)
            : (0, 0);
}
