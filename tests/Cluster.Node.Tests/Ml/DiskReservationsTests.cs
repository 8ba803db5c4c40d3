using MlCluster.Messages;
using MlCluster.Messages.Profile;
using MlCluster.Node.Ml;
using MlCluster.Node.Ml.Content;
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
        Of(
        [
            Model("a", ModelStage.Queued, 1) with { IsCached = true },
            Model("b", ModelStage.Fetching, 2) with { IsCached = true },
        ]));

    [Fact]
    public void Of_NotLookedAtYet_KeepsNothing() => Assert.Equal(
        0, Of([Model("a", ModelStage.Queued, 1, 2) with { IsCached = null }]));

    [Theory]
    [InlineData(ModelStage.Fetching, 1_000 + 900)]
    [InlineData(ModelStage.Verifying, 1_000 + 900)]
    [InlineData(ModelStage.Rehearsing, 900)]
    [InlineData(ModelStage.Loading, 900)]
    public void Of_SizeOfTheContentIsKnown_KeepsThat(ModelStage stage, long bytes) => Assert.Equal(
        bytes, Of([Model("a", stage, 1) with { Content = new ContentSize(ModelBytes: 900, UnpackedBytes: 1_000) }]));

    [Fact]
    public void Of_ContentOfTheLoadThatAsks_IsWrittenForBoth()
    {
        var first = Model("a", ModelStage.Fetching, 1, 2, 3);

        Assert.Equal(0, DiskReservations.Of([first], first.Command.Sha256));
    }

    private static long Of(HostedModel[] models) => DiskReservations.Of(models, OtherContent);

    private static HostedModel Model(string id, ModelStage stage, params byte[] archive) =>
        new(TestModels.Load(new ModelId(id), archive: archive), stage) { IsCached = false };
}
