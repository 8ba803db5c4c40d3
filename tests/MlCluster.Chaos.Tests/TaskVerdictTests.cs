using MlCluster.Chaos.Ledger;
using MlCluster.Chaos.Verdicts;

namespace MlCluster.Chaos.Tests;

public sealed class TaskVerdictTests
{
    private static readonly TaskFacts Open = new("t", TaskKind.Deploy);

    [Fact]
    public void Judge_Ended_FindsNothing()
    {
        Assert.Null(TaskVerdict.Judge(Open, "FAILED"));
        Assert.Null(TaskVerdict.Judge(Open with { End = "COMPLETED" }, "COMPLETED"));
    }

    [Fact]
    public void Judge_Gone_IsLost() => Assert.Equal(FindingKind.Lost, TaskVerdict.Judge(Open, null)!.Kind);

    [Fact]
    public void Judge_Moves_IsStuck() => Assert.Equal(FindingKind.Stuck, TaskVerdict.Judge(Open, "RUNNING")!.Kind);

    [Fact]
    public void Judge_OtherEnd_IsWrong() =>
        Assert.Equal(FindingKind.Wrong, TaskVerdict.Judge(Open with { End = "COMPLETED" }, "FAILED")!.Kind);
}
