using CsCheck;
using MlCluster.Inference.Batching;
using MlCluster.Inference.Functions;

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

    [Theory]
    [InlineData(BatchingMode.Padded)]
    [InlineData(BatchingMode.EqualLength)]
    [InlineData(BatchingMode.OneByOne)]
    internal void TakeGroup_SmallCallBehindABigOne_HasTheSecondForward(BatchingMode mode)
    {
        var queue = Filled([.. Enumerable.Repeat(new int[10], 1000)]);
        var small = Add(queue, new int[10]);

        queue.TakeGroup(mode, budget: 40);

        Assert.Contains(queue.TakeGroup(mode, budget: 40), document => document.Request == small);
    }

    [Fact]
    public void TakeGroup_LengthsAlike_TheCallsOwnDocumentsGoFirst()
    {
        var queue = Filled([.. Enumerable.Repeat(new int[10], 1000)]);
        var small = Add(queue, [.. Enumerable.Repeat(new int[10], 4)]);
        queue.TakeGroup(BatchingMode.Padded, budget: 40);

        var group = queue.TakeGroup(BatchingMode.Padded, budget: 40);

        Assert.Equal(4, group.Count);
        Assert.All(group, document => Assert.Same(small, document.Request));
    }

    [Fact]
    public void TakeGroup_AnyCalls_EachIsServedWithinARound() =>
        Documents.Array[1, 8].Sample(calls =>
        {
            var queue = new DocumentQueue();
            var waiting = calls.Select(call => Add(queue, call))
                .ToDictionary(call => call, call => call.Input.Texts.Count);
            while (queue.Count > 0)
            {
                var before = waiting.Where(call => call.Value > 0).Select(call => call.Key).ToList();
                foreach (var _ in before.TakeWhile(_ => queue.Count > 0))
                {
                    queue.TakeGroup(BatchingMode.Padded, budget: 512).ForEach(document => waiting[document.Request]--);
                }

                Assert.DoesNotContain(before, call => waiting[call] == call.Input.Texts.Count);
            }
        });

    [Fact]
    public void RemoveAll_OfOneCall_LeavesTheOthersDocuments()
    {
        var queue = Filled([new int[3], new int[5]]);
        var gone = Add(queue, new int[3], new int[7]);

        queue.RemoveAll(gone);

        Assert.Equal((2, 8), (queue.Count, queue.Tokens));
        Assert.DoesNotContain(queue.TakeAll(), document => document.Request == gone);
        queue.RemoveAll(gone);
        Assert.Equal((0, 0), (queue.Count, queue.Tokens));
    }

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
        Add(queue, documents);
        return queue;
    }

    private static PredictionRequest Add(DocumentQueue queue, params int[][] documents)
    {
        var call = new PredictionRequest(
            new TextEmbeddingFunction(new FakeEncoder()),
            new PredictionInput([.. documents.Select(_ => string.Empty)]),
            OutputFilter.All,
            TimeProvider.System);
        for (var i = 0; i < documents.Length; i++)
        {
            queue.Add(new QueuedDocument(call, i, new TokenRow(documents[i])));
        }

        return call;
    }
}
