using MlCluster.Inference.Batching;
using MlCluster.Inference.Functions;
using MlCluster.Inference.Tests.Batching;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Tests.Functions;

/// <summary>A document of several rows has one answer; further inputs are padded.</summary>
public sealed class RowsOfADocumentTests
{
    [Fact]
    public async Task PredictAsync_DocumentsOfSeveralRows_AreAnsweredOnceAllRowsAre()
    {
        var model = new FakeModel();
        var setup = new SchedulerSetup(
            model, new CharactersFunction(new FakeEncoder()), FakeModel.Report(BatchingMode.Padded),
            SchedulerFixture.Options);
        await using var scheduler = BatchScheduler.Start(setup, "test");
        string[] texts = ["abc", "z", "hello"];

        var result = await scheduler.PredictAsync(new(texts), OutputFilter.All, CancellationToken.None)
            .Within("answering");

        Assert.Equal(texts, result.Documents.Select(d => ((AnswerText)d.Tensors[0].Content!).Text));
        Assert.Equal(9, result.Tokens);
    }

    [Fact]
    public async Task PredictAsync_AnswerCannotBeMade_FailsTheCallAlone()
    {
        var setup = new SchedulerSetup(
            new FakeModel(), new CharactersFunction(new FakeEncoder()), FakeModel.Report(BatchingMode.Padded),
            SchedulerFixture.Options);
        await using var scheduler = BatchScheduler.Start(setup, "test");

        var bad = scheduler.PredictAsync(new(["ok", "!"]), OutputFilter.All, CancellationToken.None);
        var good = scheduler.PredictAsync(new(["ok"]), OutputFilter.All, CancellationToken.None);

        await Assert.ThrowsAsync<InferenceException>(() => bad.Within("failing"));
        await good.Within("answering");
    }

    [Fact]
    public void Pack_RowsWithColumns_PadsEachWithItsOwn()
    {
        var batch = BatchLayout.Pack(
            [
                new TokenRow([7]) { Columns = [new([1], 0), new([5], -100)] },
                new TokenRow([8, 9]) { Columns = [new([1, 1], 0), new([6, 7], -100)] },
            ],
            padId: 3);

        Assert.Equal([7, 3, 8, 9], batch.InputIds);
        Assert.Equal([1, 0, 1, 1], batch.AttentionMask);
        Assert.Equal([1, 0, 1, 1], batch.Columns[0]);
        Assert.Equal([5, -100, 6, 7], batch.Columns[1]);
    }

    /// <summary>A row for each character; the answer spells them.</summary>
    private sealed class CharactersFunction(ITextEncoder encoder) : ModelFunction(encoder)
    {
        public override IReadOnlyList<TokenRow> Encode(PreparedInput input, int index, TextDeadline deadline) =>
            [.. input.Texts[index].Select(character => new TokenRow([character]))];

        public override DocumentOutput Answer(
            PreparedInput input, int index, OutputFilter wanted, IReadOnlyList<RowAnswer> rows)
        {
            var text = string.Concat(rows.Select(row => (char)SchedulerFixture.Floats(row.Output.Tensors[0])[0]));
            return text.Contains('!', StringComparison.Ordinal)
                ? throw new InferenceException("no answer")
                : new DocumentOutput([OutputTensor.Of(null, new AnswerText(text))]);
        }
    }
}
