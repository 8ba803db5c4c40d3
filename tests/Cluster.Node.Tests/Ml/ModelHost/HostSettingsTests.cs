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

    [Fact]
    public void FewerRetries_GiveALoadUpSooner()
    {
        Set(MlSettings.LoadRetries, "1");
        Host.Tell(TestModels.Load());

        Fail(NextLoader(), "journal busy", mayPass: true);
        Fail(NextLoader(), "journal busy still", mayPass: true);

        ExpectReport(NodeDeploymentStatus.Loading);
        Assert.Equal("journal busy still", ExpectReport(NodeDeploymentStatus.Failed).Error);
    }

    [Fact]
    public void MoreRetriesThanWaits_HaveTheLastOne()
    {
        Assert.Equal(
            [1.0, 5.0, 5.0],
            new[] { 0, 1, 7 }.Select(attempts => (TestModels.Options with
            {
                RetryDelays = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)],
            }).RetryDelay(attempts).TotalSeconds));
    }

    private void Set(Setting setting, string value) =>
        Settings.Take(SettingsSnapshot.Of(1, [new SettingEntry(setting.Name, value)], []));
}
