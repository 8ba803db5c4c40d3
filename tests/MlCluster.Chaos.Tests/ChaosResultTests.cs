using MlCluster.Chaos.Verdicts;

namespace MlCluster.Chaos.Tests;

public sealed class ChaosResultTests
{
    private static readonly ChaosResult Clean = new()
    {
        Acknowledged = 812,
        Findings = [],
        FailedRequests = ["predict"],
        DownedByItself = ["ml-1 ended with 3"],
        LongestGap = TimeSpan.FromSeconds(1.25),
    };

    [Fact]
    public void Line_Result_TellsAllNumbers() => Assert.Equal(
        "acknowledged 812, lost 1, stuck 0, wrong 1, failed requests 1, downed by itself 1, longest gap 1.3 s",
        (Clean with { Findings = [new(FindingKind.Lost, "a"), new(FindingKind.Wrong, "b")] }).Line);

    [Fact]
    public void ExitCode_AnyFinding_IsOne()
    {
        Assert.Equal(0, Clean.ExitCode);
        Assert.Equal(1, (Clean with { Findings = [new(FindingKind.Stuck, "a")] }).ExitCode);
    }
}
