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
            "the model failed its rehearsal: it ran longer than 60 s (mlcluster.ml.rehearsal.timeout)",
            Interruption(new RehearsalEnd.TimedOut(TimeSpan.FromSeconds(60))).Message);
        Assert.Equal(
            "the model failed its rehearsal: it took more than 1073741824 bytes of memory "
            + "(mlcluster.ml.rehearsal.memory-base and memory-per-file-byte)",
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

    [Theory]
    [InlineData(137, false)]
    [InlineData(143, false)]
    [InlineData(142, true)]
    public void Judge_SignalThatTheModelDoesNotSend_MayPass(int code, bool timedOut) =>
        Assert.Equal(timedOut, Interruption(new RehearsalEnd.Exited(code, "")).TimedOut);

    [Fact]
    public void Judge_KilledFromOutside_NamesSignalAndCause() => Assert.Equal(
        "the model's rehearsal was interrupted: it was killed by signal 9 (SIGKILL); the node may be short of memory",
        Interruption(new RehearsalEnd.Exited(137, "")).Message);

    [Fact]
    public void Judge_KilledAfterItsError_IsARefusal() => Assert.EndsWith(
        "wants three inputs",
        Refusal(new RehearsalEnd.Exited(137, ""), new RehearsalResult(null, "wants three inputs")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(1)]
    [InlineData(132)]
    [InlineData(134)]
    [InlineData(135)]
    [InlineData(136)]
    [InlineData(139)]
    [InlineData(153)]
    [InlineData(159)]
    public void Judge_EndOfItsOwn_IsARefusal(int code) =>
        Assert.NotEmpty(Refusal(new RehearsalEnd.Exited(code, "")));

    private static RehearsalInterruptedException Interruption(RehearsalEnd end) =>
        Assert.Throws<RehearsalInterruptedException>(() => RehearsalVerdict.Judge(end, result: null));

    private static string Refusal(RehearsalEnd end, RehearsalResult? result = null) =>
        Assert.Throws<LoadRefusedException>(() => RehearsalVerdict.Judge(end, result)).Message;
}
