using MlCluster.Messages;
using MlCluster.Messages.Profile;
using MlCluster.Node.Ml;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml;

public class DiskReservationsTests
{
    private const string OtherContent = "of the load that asks";

    [Theory]
    [InlineData(ModelStage.Queued, 12)]
    [InlineData(ModelStage.Fetching, 12)]
    [InlineData(ModelStage.Verifying, 8)]
    [InlineData(ModelStage.Rehearsing, 4)]
    [InlineData(ModelStage.Loading, 4)]
    [InlineData(ModelStage.Warming, 0)]
    [InlineData(ModelStage.Serving, 0)]
    [InlineData(ModelStage.Draining, 0)]
    [InlineData(ModelStage.Failed, 0)]
    public void Of_OneLoad_KeepsWhatItsStageHasYetToWrite(ModelStage stage, long bytes) =>
        Assert.Equal(bytes, Of([Model("a", stage, 1, 2, 3, 4)]));

    [Fact]
    public void Of_SeveralLoads_AddsThem() => Assert.Equal(
        9 + 2 + 3,
        Of(
        [
            Model("a", ModelStage.Fetching, 1, 2, 3),
            Model("b", ModelStage.Verifying, 4),
            Model("c", ModelStage.Rehearsing, 5, 6, 7),
        ]));

    [Fact]
    public void Of_TwoLoadsOfOneContent_CountsItOnce() => Assert.Equal(
        9, Of([Model("a", ModelStage.Fetching, 1, 2, 3), Model("b", ModelStage.Queued, 1, 2, 3)]));

    [Fact]
    public void Of_ContentOnDisk_KeepsNothingBeforeItsRehearsal() => Assert.Equal(
        0,
        DiskReservations.Of(
            [Model("a", ModelStage.Queued, 1), Model("b", ModelStage.Fetching, 2)], OtherContent, _ => true));

    [Fact]
    public void Of_ContentOfTheLoadThatAsks_IsWrittenForBoth()
    {
        var first = Model("a", ModelStage.Fetching, 1, 2, 3);

        Assert.Equal(0, DiskReservations.Of([first], first.Command.Sha256, _ => false));
    }

    private static long Of(HostedModel[] models) => DiskReservations.Of(models, OtherContent, _ => false);

    private static HostedModel Model(string id, ModelStage stage, params byte[] archive) =>
        new(TestModels.Load(new ModelId(id), archive: archive), stage);
}
