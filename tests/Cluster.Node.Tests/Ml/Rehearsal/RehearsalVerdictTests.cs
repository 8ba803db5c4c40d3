using MlCluster.Inference;
using MlCluster.Node.Ml;
using MlCluster.Node.Ml.Rehearsal;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.Rehearsal;

public class RehearsalVerdictTests
{
    [Fact]
    public void Judge_Report_IsGivenBack()
    {
        var result = new RehearsalResult(RehearsalReportJson.Write(FakeEngine.Report), null);

        var report = RehearsalVerdict.Judge(new RehearsalEnd.Exited(0, ""), result);

        Assert.Equal(FakeEngine.Report.Outputs, report.Outputs);
    }

    [Fact]
    public void Judge_AbortInNativeCode_NamesSignalAndCause()
    {
        const string Words = """
            terminate called after throwing an instance of 'torch::jit::ErrorReport'
              what():  Unknown builtin op: aten::no_such_operator.
            Could not find any similar ops
            """;

        Assert.Equal(
            "the model failed its rehearsal: it was killed by signal 6 (SIGABRT): "
            + "Unknown builtin op: aten::no_such_operator.",
            Refusal(new RehearsalEnd.Exited(134, Words)));
    }

    [Fact]
    public void Judge_CrashWithoutCause_GivesTheLastLine()
    {
        Assert.Equal(
            "the model failed its rehearsal: it was killed by signal 11 (SIGSEGV): last words",
            Refusal(new RehearsalEnd.Exited(139, "first\nlast words\n")));
    }

    [Fact]
    public void Judge_Limits_NamesThem()
    {
        Assert.Equal(
            "the model failed its rehearsal: it ran longer than 60 s",
            Refusal(new RehearsalEnd.TimedOut(TimeSpan.FromSeconds(60))));
        Assert.Equal(
            "the model failed its rehearsal: it took more than 1073741824 bytes of memory",
            Refusal(new RehearsalEnd.TookTooMuchMemory(1L << 30)));
    }

    [Fact]
    public void Judge_ModelThrew_GivesItsError()
    {
        Assert.Equal(
            "the model failed its rehearsal: wants three inputs",
            Refusal(new RehearsalEnd.Exited(0, ""), new RehearsalResult(null, "wants three inputs")));
    }

    [Fact]
    public void Judge_KilledAfterWritingAReport_IsARefusal()
    {
        var result = new RehearsalResult(RehearsalReportJson.Write(FakeEngine.Report), null);

        Assert.Contains("SIGSEGV", Refusal(new RehearsalEnd.Exited(139, ""), result), StringComparison.Ordinal);
    }

    private static string Refusal(RehearsalEnd end, RehearsalResult? result = null) =>
        Assert.Throws<LoadRefusedException>(() => RehearsalVerdict.Judge(end, result)).Message;
}
