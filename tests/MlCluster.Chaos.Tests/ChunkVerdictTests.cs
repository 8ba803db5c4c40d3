using MlCluster.Chaos.Ledger;
using MlCluster.Chaos.Verdicts;

namespace MlCluster.Chaos.Tests;

public sealed class ChunkVerdictTests
{
    private static readonly string[] Sent = ["a", "b"];
    private static readonly ModelFacts Whole = new ModelFacts("m", "tiny", 2).ChunkTaken(0).ChunkTaken(1);
    private static readonly ModelFacts ByUrl = new("m", "tiny", 0) { IsRegistered = true };

    [Fact]
    public void Judge_EveryChunkIsThere_FindsNothing()
    {
        Assert.Empty(ChunkVerdict.Judge(Whole, Sent, ["b", "a"]));
        Assert.Empty(ChunkVerdict.Judge(Whole, Sent, ["b", "a", "b"]));
        Assert.Empty(ChunkVerdict.Judge(ByUrl, ["c"], ["c"]));
    }

    [Fact]
    public void Judge_AcknowledgedChunkIsNotThere_IsLost()
    {
        Assert.Equal(FindingKind.Lost, Assert.Single(ChunkVerdict.Judge(Whole, Sent, ["a"])).Kind);
        Assert.Equal(FindingKind.Lost, Assert.Single(ChunkVerdict.Judge(ByUrl, ["c"], [])).Kind);
    }

    [Fact]
    public void Judge_OtherBytesInItsPlace_IsLostAndWrong() => Assert.Equal(
        [FindingKind.Lost, FindingKind.Wrong], ChunkVerdict.Judge(Whole, Sent, ["a", "torn"]).Select(f => f.Kind));

    [Fact]
    public void Judge_ChunkWithoutAnAnswer_MayBeThereOrNot()
    {
        var half = new ModelFacts("m", "tiny", 2).ChunkTaken(0);

        Assert.Empty(ChunkVerdict.Judge(half, Sent, ["a"]));
        Assert.Empty(ChunkVerdict.Judge(half, Sent, ["a", "b"]));
    }

    [Fact]
    public void Judge_DeletedModel_KeepsNoRow()
    {
        var deleted = Whole with { IsDeleted = true };

        Assert.Empty(ChunkVerdict.Judge(deleted, Sent, []));
        Assert.Equal(FindingKind.Stuck, Assert.Single(ChunkVerdict.Judge(deleted, Sent, ["a", "b"])).Kind);
    }

    [Fact]
    public void Judge_DeletionWithoutAnAnswer_MayHaveTakenThemOrNot()
    {
        var perhaps = Whole with { MayBeDeleted = true };

        Assert.Empty(ChunkVerdict.Judge(perhaps, Sent, []));
        Assert.Empty(ChunkVerdict.Judge(perhaps, Sent, ["a", "b"]));
    }
}
