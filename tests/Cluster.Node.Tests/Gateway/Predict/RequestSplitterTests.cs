using CsCheck;
using MlCluster.Node.Gateway.Predict;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Predict;

public sealed class RequestSplitterTests
{
    private const int MaxTokens = 1000;

    [Fact]
    public void Split_SmallRequest_IsOneGroup()
    {
        var group = Assert.Single(RequestSplitter.Split(Body(["a", "b"]), Samples.Served, MaxTokens, null));

        Assert.Equal((0, 2), (group.Start, group.Count));
    }

    [Fact]
    public void Split_AnyRequest_CoversEveryDocumentOnceWithinTheBudget() =>
        Gen.Int[0, 2000].Array[1, 60].Sample(lengths =>
        {
            var groups = RequestSplitter.Split(
                Body([.. lengths.Select(n => new string('x', n))]), Samples.Served, MaxTokens, null);

            Assert.Equal(0, groups[0].Start);
            Assert.All(groups.Zip(groups.Skip(1)), p => Assert.Equal(p.Item1.Start + p.Item1.Count, p.Item2.Start));
            Assert.Equal(lengths.Length, groups[^1].Start + groups[^1].Count);
            Assert.All(groups, g => Assert.True(g.Count == 1 || (g.Count > 0 && g.Tokens <= MaxTokens)));
        });

    [Fact]
    public void Split_AnswerThatTravels_IsBoundedByItsBytes()
    {
        // 128 tokens of 1,536 bytes: at most ten documents fit into 2 MiB.
        var texts = Enumerable.Repeat(new string('x', 600), 40).ToArray();
        var all = new PredictBody(texts);
        var sentence = all with { TargetResponse = ["sentence_embedding"] };

        Assert.All(Split(all), g => Assert.InRange(g.Count, 1, 10));
        Assert.Single(Split(sentence));
        Assert.Single(Split(all with { ReturnNumber = false }));

        static List<TextGroup> Split(PredictBody body) =>
            RequestSplitter.Split(body, Samples.Served, 1_000_000, 2 << 20);
    }

    [Fact]
    public void Split_TextThatTravels_IsBoundedByItsBytes()
    {
        var texts = Enumerable.Repeat(new string('x', 600_000), 8).ToArray();

        var groups = RequestSplitter.Split(
            new PredictBody(texts, TargetResponse: ["sentence_embedding"]), Samples.Served, 1_000_000, 2 << 20);

        Assert.Equal([3, 3, 2], groups.Select(g => g.Count));
    }

    [Fact]
    public void Halves_OfAGroup_HaveAllItsDocumentsOnce()
    {
        var (first, second) = new TextGroup(3, 5, 11).Halves();

        Assert.Equal((3, 2, 5L), (first.Start, first.Count, first.Tokens));
        Assert.Equal((5, 3, 6L), (second.Start, second.Count, second.Tokens));
    }

    private static PredictBody Body(string[] texts) => new(texts);
}
