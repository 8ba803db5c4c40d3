using CsCheck;
using MlCluster.Inference.Batching;

namespace MlCluster.Inference.Tests.Batching;

public sealed class DocumentQueueTests
{
    private static readonly Gen<int[][]> Documents = Gen.Int[1, 100].Select(length => new int[length]).Array[1, 300];

    [Theory]
    [InlineData(BatchingMode.Padded)]
    [InlineData(BatchingMode.EqualLength)]
    [InlineData(BatchingMode.OneByOne)]
    internal void TakeGroup_UntilEmpty_GivesEachDocumentOnce(BatchingMode mode) => Documents.Sample(documents =>
    {
        var queue = Filled(documents);

        var taken = new List<int>();
        while (queue.Count > 0)
        {
            taken.AddRange(queue.TakeGroup(mode, budget: 512).Select(document => document.Index));
        }

        Assert.Equal(Enumerable.Range(0, documents.Length), taken.Order());
        Assert.Equal(0, queue.Tokens);
    });

    [Fact]
    public void TakeGroup_EachTime_TakesTheOldest() => Documents.Sample(documents =>
    {
        var queue = Filled(documents);
        var waiting = new SortedSet<int>(Enumerable.Range(0, documents.Length));

        while (queue.Count > 0)
        {
            var group = queue.TakeGroup(BatchingMode.Padded, budget: 512);

            Assert.Equal(waiting.Min, group.Min(document => document.Index));
            group.ForEach(document => waiting.Remove(document.Index));
        }
    });

    [Fact]
    public void Remove_TwiceAndInTheMiddle_CountsOnce()
    {
        var queue = Filled([new int[3], new int[5], new int[3]]);
        var taken = queue.TakeGroup(BatchingMode.EqualLength, budget: 3).Single();

        Assert.False(queue.Remove(taken));
        Assert.Equal((2, 8), (queue.Count, queue.Tokens));
    }

    private static DocumentQueue Filled(int[][] documents)
    {
        var queue = new DocumentQueue();
        var request = new PredictionRequest(
            [.. documents.Select(_ => string.Empty)], OutputFilter.All, TimeProvider.System);
        for (var i = 0; i < documents.Length; i++)
        {
            queue.Add(new QueuedDocument(request, i, documents[i]));
        }

        return queue;
    }
}
