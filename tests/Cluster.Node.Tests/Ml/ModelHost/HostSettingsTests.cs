using Akka.Actor;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Settings;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Ml;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.ModelHost;

/// <summary>Cluster settings that bind a node at once.</summary>
public sealed class HostSettingsTests : HostKit
{
    [Fact]
    public void MoreLoadsAtOnce_StartsWhatWaits()
    {
        Load(TestModels.Load());
        Host.Tell(TestModels.Load(id: Other));
        Assert.Equal(ModelStage.Queued, StageOf(Other));

        Set(MlSettings.MaxDeployTasks, "2");
        Host.Tell(ModelHostActor.LimitsChanged.Instance);

        NextLoader();
        Assert.Equal(ModelStage.Fetching, StageOf(Other));
    }

    [Fact]
    public void FewerModels_RefuseTheNextAndKeepWhatIsThere()
    {
        Load(TestModels.Load());
        Set(MlSettings.MaxModelOnNode, "1");

        Host.Tell(TestModels.Load(id: Other));

        var report = Models.FishForMessage<ReportNodeDeployment>(r => r.ModelId == Other, Patience.Deadline);
        Assert.Equal(NodeDeploymentStatus.Failed, report.Status);
        Assert.Contains("at most 1 (max_model_on_node)", report.Error, StringComparison.Ordinal);
        Assert.Equal(ModelStage.Fetching, StageOf(Id));
    }

    private void Set(Setting setting, string value) =>
        Settings.Take(SettingsSnapshot.Of(1, [new SettingEntry(setting.Name, value)], []));
}
