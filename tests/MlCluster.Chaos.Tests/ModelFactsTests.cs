using MlCluster.Chaos.Ledger;

namespace MlCluster.Chaos.Tests;

public sealed class ModelFactsTests
{
    private static readonly ModelFacts Begun = new("m", "tiny", 3);

    [Fact]
    public void ChunkTaken_OneIsMissing_IsNotRegistered()
    {
        var facts = Begun.ChunkTaken(2).ChunkTaken(0).ChunkTaken(2);

        Assert.False(facts.IsRegistered);
        Assert.Equal([1], facts.MissingChunks);
    }

    [Fact]
    public void ChunkTaken_LastOne_IsRegistered()
    {
        var facts = Begun.ChunkTaken(2).ChunkTaken(0).ChunkTaken(1);

        Assert.True(facts.IsRegistered);
        Assert.Empty(facts.MissingChunks);
    }

    [Fact]
    public void Deployed_MoreNodes_AddsThem()
    {
        var facts = Begun.Deployed(everywhere: true, ["a"]).Deployed(everywhere: false, ["b"]);

        Assert.True(facts.IsWantedEverywhere);
        Assert.True(facts.Wanted.SetEquals(["a", "b"]));
    }

    [Fact]
    public void Undeployed_OneNode_KeepsTheOthers()
    {
        var facts = (Begun with { Served = ["a", "b"] }).Deployed(everywhere: false, ["a", "b"]).Undeployed("a");

        Assert.True(facts.IsWanted);
        Assert.Equal(["b"], facts.Wanted);
        Assert.Equal(["b"], facts.Served);
    }

    [Fact]
    public void Undeployed_All_IsNotWanted() =>
        Assert.False(Begun.Deployed(everywhere: true, ["a"]).Undeployed().IsWanted);

    [Fact]
    public void IsSure_UnansweredRemoval_IsNot()
    {
        Assert.True(Begun.IsSure);
        Assert.False((Begun with { MayBeDeleted = true }).IsSure);
        Assert.False((Begun with { MayBeOff = true }).IsSure);
    }
}
