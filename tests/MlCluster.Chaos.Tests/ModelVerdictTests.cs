using MlCluster.Chaos.Ledger;
using MlCluster.Chaos.Verdicts;

namespace MlCluster.Chaos.Tests;

public sealed class ModelVerdictTests
{
    private const string Hash = "abc";
    private static readonly string[] Ml = ["ml-1", "ml-2"];
    private static readonly ModelFacts Whole =
        new ModelFacts("m", "tiny", 2).ChunkTaken(1).ChunkTaken(0);

    private static readonly ModelSeen Registered = new("REGISTERED", Hash, [], 0, ToAll: false);
    private static readonly ModelSeen OnOne = new("DEPLOYED", Hash, ["ml-1"], 1, ToAll: false);
    private static readonly ModelSeen OnAll = new("DEPLOYED", Hash, Ml, 2, ToAll: true);

    [Fact]
    public void Judge_AllAsAcknowledged_FindsNothing()
    {
        Assert.Empty(Judge(Whole, Registered));
        Assert.Empty(Judge(Whole.Deployed(everywhere: false, ["ml-1"]), OnOne));
        Assert.Empty(Judge(Whole.Deployed(everywhere: true, ["ml-1"]), OnAll));
        Assert.Empty(Judge(Whole.Deployed(everywhere: true, Ml).Undeployed(), Registered));
        Assert.Empty(Judge(Whole with { IsDeleted = true }, null));
    }

    [Fact]
    public void Judge_ModelIsGone_IsLost() => AssertKind(FindingKind.Lost, Judge(Whole, null));

    [Fact]
    public void Judge_DeletedModelIsThere_IsLost() =>
        AssertKind(FindingKind.Lost, Judge(Whole with { IsDeleted = true }, Registered));

    [Fact]
    public void Judge_WholeModelIsRegistering_IsStuck() =>
        AssertKind(FindingKind.Stuck, Judge(Whole, Registered with { State = "REGISTERING" }));

    [Fact]
    public void Judge_HalfWayModelIsRegistered_IsWrong() =>
        AssertKind(FindingKind.Wrong, Judge(new ModelFacts("m", "tiny", 2).ChunkTaken(1), Registered));

    [Fact]
    public void Judge_OtherHash_IsWrong() =>
        AssertKind(FindingKind.Wrong, Judge(Whole, Registered with { Hash = "other" }));

    [Theory]
    [InlineData("DEPLOYING", 0)]
    [InlineData("PARTIALLY_DEPLOYED", 1)]
    public void Judge_StateMoves_IsStuck(string state, int current) => AssertKind(
        FindingKind.Stuck,
        Judge(Whole.Deployed(everywhere: true, Ml), OnAll with { State = state, Current = current }));

    [Fact]
    public void Judge_DeploymentForgotten_IsLost()
    {
        AssertKind(FindingKind.Lost, Judge(Whole.Deployed(everywhere: false, ["ml-1"]), Registered));
        AssertKind(FindingKind.Lost, Judge(Whole.Deployed(everywhere: true, ["ml-1"]), OnOne with { ToAll = true }));
    }

    [Fact]
    public void Judge_OnEveryNodeButByName_IsLost() => AssertKind(
        FindingKind.Lost, Judge(Whole.Deployed(everywhere: true, Ml), OnAll with { ToAll = false }));

    [Fact]
    public void Judge_DeployedAfterUndeployment_IsWrong() =>
        AssertKind(FindingKind.Wrong, Judge(Whole.Deployed(everywhere: true, Ml).Undeployed(), OnAll));

    [Fact]
    public void Judge_ServedAfterUndeployment_IsWrong() => AssertKind(
        FindingKind.Wrong,
        Judge(Whole.Deployed(everywhere: true, Ml).Undeployed(), Registered with { Current = 1 }));

    [Fact]
    public void Judge_UnansweredRequests_AllowBoth()
    {
        Assert.Empty(Judge(Whole.MaybeDeployed(["ml-1"]), OnOne));
        Assert.Empty(Judge(Whole.MaybeDeployed(["ml-1"]), Registered));
        Assert.Empty(Judge(Whole.MaybeDeployed([]), OnAll));
        Assert.Empty(Judge(Whole.Deployed(everywhere: true, Ml) with { MayBeOff = true }, Registered));
        Assert.Empty(Judge(Whole with { MayBeDeleted = true }, null));
    }

    private static IReadOnlyList<Finding> Judge(ModelFacts facts, ModelSeen? seen) =>
        [.. ModelVerdict.Judge(facts, Hash, seen, Ml)];

    private static void AssertKind(FindingKind kind, IReadOnlyList<Finding> findings) =>
        Assert.Equal(kind, Assert.Single(findings).Kind);
}
