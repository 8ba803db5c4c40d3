using Microsoft.Extensions.Time.Testing;
using MlCluster.Inference.Batching;
using MlCluster.Inference.Functions;
using MlCluster.Inference.Rehearsing;
using MlCluster.Inference.Tests.Batching;

namespace MlCluster.Inference.Tests.Rehearsing;

public sealed class RehearsalTests
{
    private static readonly TextEmbeddingFunction Function = new(new FakeEncoder(maxLength: 120));

    [Fact]
    public void Run_ModelThatHonoursTheMask_IsPadded()
    {
        var report = Run(FakeModel.Outputs);

        Assert.Equal(BatchingMode.Padded, report.Batching);
        Assert.Equal(FakeModel.Report(BatchingMode.Padded).Outputs, report.Outputs);
    }

    [Fact]
    public void Run_CodeWritesState_IsExclusiveWhateverItAnswers() => Assert.Equal(
        BatchingMode.Exclusive,
        Rehearsal.Run(new FakeModel(), Function, writesState: true, TimeProvider.System).Batching);

    [Fact]
    public void Run_AnswersDependOnEarlierCalls_IsExclusive()
    {
        var previous = 0L;
        Assert.Equal(BatchingMode.Exclusive, Run(batch =>
        {
            var remembered = Interlocked.Exchange(ref previous, batch.InputIds[1]);
            return Vector(batch, row => batch.InputIds[row] + remembered);
        }).Batching);
    }

    [Fact]
    public void Run_MaskIgnored_IsEqualLength() => Assert.Equal(
        BatchingMode.EqualLength, Run(batch => Vector(batch, _ => batch.Width)).Batching);

    [Fact]
    public void Run_OtherRowsMatter_IsOneByOne() => Assert.Equal(
        BatchingMode.OneByOne, Run(batch => Vector(batch, _ => batch.InputIds.Sum())).Batching);

    [Fact]
    public void Run_FirstRowMatters_IsOneByOne() => Assert.Equal(
        BatchingMode.OneByOne, Run(batch => Vector(batch, _ => batch.InputIds[1])).Batching);

    [Fact]
    public void Run_TakesOneRowOnly_IsOneByOne() => Assert.Equal(
        BatchingMode.OneByOne,
        Run(batch => batch.Rows == 1 ? FakeModel.Outputs(batch) : throw new InferenceException("one row")).Batching);

    [Fact]
    public void Run_TakesFewRowsOnly_IsOneByOne() => Assert.Equal(
        BatchingMode.OneByOne,
        Run(batch => batch.Rows <= 8 ? FakeModel.Outputs(batch) : throw new InferenceException("8 rows")).Batching);

    [Fact]
    public void Run_GivesOneRowAlways_IsOneByOne() => Assert.Equal(
        BatchingMode.OneByOne,
        Run(batch => [FakeModel.Output(null, 0, [1, 1], [batch.InputIds[1]])]).Batching);

    [Fact]
    public void Run_OtherBranchForManyLongDocuments_IsOneByOne() => Assert.Equal(
        BatchingMode.OneByOne,
        Run(batch => batch is { Rows: > 1, Width: > 100 }
            ? Vector(batch, _ => batch.InputIds.Sum())
            : Vector(batch, row => batch.InputIds[row * batch.Width])).Batching);

    [Fact]
    public void Run_MaskIgnoredInLongDocuments_IsEqualLength() => Assert.Equal(
        BatchingMode.EqualLength,
        Run(batch => Vector(batch, row => batch.Width > 100 ? batch.Width : batch.Lengths[row])).Batching);

    [Fact]
    public void Run_BufferOf64RowsWraps_IsOneByOne() => Assert.Equal(
        BatchingMode.OneByOne,
        Run(batch => Vector(batch, row => batch.InputIds[(row % 64 * batch.Width) + 1])).Batching);

    [Fact]
    public void Run_TakesFewerRowsThanServingGives_IsOneByOne() => Assert.Equal(
        BatchingMode.OneByOne,
        Run(batch => batch.Rows <= 256
            ? FakeModel.Outputs(batch)
            : throw new InferenceException("256 rows")).Batching);

    [Theory]
    [InlineData(120, 0, 960, 341)]
    [InlineData(120, 1, 240, 85)]
    [InlineData(8192, 0, 1024, 341)]
    [InlineData(8192, 20, 256, 85)]
    public void Run_LargestBatches_AreAsLargeAsServingsUnlessTheModelIsSlow(
        int maxLength, int secondsOfTheLongest, int tokens, int rows)
    {
        var time = new FakeTimeProvider();
        var model = new FakeModel
        {
            OnForward = batch => time.Advance(TimeSpan.FromSeconds(
                batch.Width == maxLength ? secondsOfTheLongest : 0)),
        };

        Rehearsal.Run(model, new TextEmbeddingFunction(new FakeEncoder(maxLength)), writesState: false, time);

        var together = model.Batches.Where(batch => batch.Rows > 1).ToList();
        Assert.Equal(tokens, together.Where(batch => batch.Width > 96).Max(batch => batch.Rows * batch.Width));
        Assert.Equal(rows, together.Max(batch => batch.Rows));
        Assert.Contains(together, batch => batch.Width > 96 && batch.AttentionMask.Contains(0));
    }

    [Fact]
    public void Run_NoBatchAxis_IsOneByOne() => Assert.Equal(
        BatchingMode.OneByOne, Run(batch => [FakeModel.Output(null, 0, [2], [1, 2])]).Batching);

    [Fact]
    public void Run_NotANumber_IsASameAnswer() => Assert.Equal(
        BatchingMode.Padded,
        Run(batch => Vector(batch, _ => float.NaN)).Batching);

    [Fact]
    public void Run_TwoTokenAxes_IsEqualLength()
    {
        // [batch, tokens, tokens]: only the first token axis is cut, so padding would show.
        var report = Run(batch => [FakeModel.Output(
            "attention",
            0,
            [batch.Rows, batch.Width, batch.Width],
            new float[batch.Rows * batch.Width * batch.Width])]);

        Assert.Equal(BatchingMode.EqualLength, report.Batching);
    }

    [Fact]
    public void Run_FailsAlone_SaysWhy()
    {
        var error = Assert.Throws<InferenceException>(() => Run(_ => throw new InferenceException("bad shapes")));

        Assert.Equal("bad shapes", error.Message);
    }

    [Fact]
    public void Run_FailsAtTheTokenizersLimit_NamesTheLengthAndTheCure()
    {
        var error = Assert.Throws<InferenceException>(() => Run(batch =>
            batch.Width <= 100 ? FakeModel.Outputs(batch) : throw new InferenceException("index out of range")));

        Assert.Contains("120 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("model_max_length", error.Message, StringComparison.Ordinal);
        Assert.Contains("index out of range", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NoOutput_IsAnError() => Assert.Throws<InferenceException>(() => Run(_ => []));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Run_ShortLimit_Works(int maxLength) => Assert.Equal(
        BatchingMode.Padded,
        Rehearsal.Run(
            new FakeModel(),
            new TextEmbeddingFunction(new FakeEncoder(maxLength)),
            writesState: false,
            TimeProvider.System).Batching);

    [Fact]
    public void Json_Report_RoundTrips()
    {
        var report = Run(FakeModel.Outputs);

        var read = RehearsalReportJson.Read(RehearsalReportJson.Write(report));

        Assert.Equal(report.Batching, read!.Batching);
        Assert.Equal(report.Outputs, read.Outputs);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"version":1,"report":{"batching":"Padded","outputs":[]}}""")]
    [InlineData("""{"version":2,"report":{"batching":"Padded","outputs":[]}}""")]
    [InlineData("""{"version":3,"report":null}""")]
    public void Json_DamagedOrOlder_IsNoReport(string json) => Assert.Null(RehearsalReportJson.Read(json));

    private static RehearsalReport Run(Func<TokenBatch, IReadOnlyList<BatchOutput>> answer) =>
        Rehearsal.Run(new FakeModel { Answer = answer }, Function, writesState: false, TimeProvider.System);

    private static IReadOnlyList<BatchOutput> Vector(TokenBatch batch, Func<int, float> value) =>
        [FakeModel.Output(null, 0, [batch.Rows, 1], [.. Enumerable.Range(0, batch.Rows).Select(value)])];
}
