using Akka.Actor;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Routing;
using MlCluster.Node.Ml;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.ModelHost;

public sealed class HostDevicesTests() : HostKit(knowsDevices: false)
{
    private static long Need => TestModels.Options.Limits.Placement.MemoryNeeded(TestModels.Load().SizeBytes);

    [Fact]
    public void LoadModel_BeforeTheDevicesAreKnown_BeginsWhenTheyAre()
    {
        Host.Tell(TestModels.Load());
        Assert.Null(StageOf(Id));

        Know(Need);

        NextLoader();
        Assert.Equal(ModelStage.Fetching, StageOf(Id));
    }

    [Fact]
    public void LoadModel_BeforeTheDevicesAreKnown_IsHeldAgainstTheirMemory()
    {
        Host.Tell(TestModels.Load());

        Know(Need - 1);

        var report = Models.FishForMessage<ReportNodeDeployment>(r => r.NoRoom, Patience.Deadline);
        Assert.Contains("has no memory for the model", report.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ApplyServingRules_BeforeTheDevicesAreKnown_HoldForTheLoadThatWaits()
    {
        Host.Tell(TestModels.Load() with { Rules = new ServingRules(1, true, null) });
        Host.Tell(new ApplyServingRules(Id, new ServingRules(2, false, null)), TestActor);
        ExpectMsg<ServingRulesApplied>();

        Know(Need);

        NextLoader();
        Assert.NotNull(Gates.Of(Id).Refusal(Predict(Id)));
    }

    private void Know(long memoryBytes)
    {
        Local.SetDevices([], new NodeCapacity(2, memoryBytes));
        Host.Tell(ModelHostActor.DevicesKnown.Instance);
    }
}
