using MlCluster.Inference.Batching;
using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Tests.Batching;

public sealed class TurnQueueTests
{
    private readonly TurnQueue<(PredictionRequest Call, string Name)> _queue = new();

    [Fact]
    public void NextTurn_BigAndSmallCall_Alternates()
    {
        var (big, small) = (Call(), Call());
        Add(big, "b1", "b2", "b3");
        Add(small, "s1", "s2");

        Assert.Equal(["b1", "s1", "b2", "s2", "b3"], Enumerable.Range(0, 5).Select(_ => Take()));
        Assert.True(_queue.IsEmpty);
    }

    [Fact]
    public void NextTurn_CallComesBack_WaitsForItsTurnAgain()
    {
        var (one, other) = (Call(), Call());
        Add(one, "1a");
        Add(other, "2a", "2b");
        Take();

        Add(one, "1b");

        Assert.Equal(["2a", "1b", "2b"], Enumerable.Range(0, 3).Select(_ => Take()));
    }

    [Fact]
    public void Remove_LastItem_EndsTheCallsTurns()
    {
        var (one, other) = (Call(), Call());
        var place = _queue.Add(one, (one, "1a"));
        Add(other, "2a");

        _queue.Remove(one, place);

        Assert.Equal(["2a"], Names(_queue.NextTurn()));
        Assert.Empty(_queue.RemoveAll(one));
    }

    [Fact]
    public void RemoveAll_OfACall_LeavesTheOthers()
    {
        var (gone, other) = (Call(), Call());
        Add(gone, "1a", "1b");
        Add(other, "2a");

        Assert.Equal(["1a", "1b"], Names(_queue.RemoveAll(gone)));

        Assert.Equal(["2a"], Names(_queue.RemoveAll()));
        Assert.True(_queue.IsEmpty);
    }

    private void Add(PredictionRequest call, params string[] items)
    {
        foreach (var item in items)
        {
            _queue.Add(call, (call, item));
        }
    }

    private string Take()
    {
        var next = _queue.NextTurn().First!;
        _queue.Remove(next.Value.Call, next);
        return next.Value.Name;
    }

    private static IEnumerable<string> Names(IEnumerable<(PredictionRequest Call, string Name)> items) =>
        items.Select(item => item.Name);

    private static PredictionRequest Call() => new(
        new TextEmbeddingFunction(new FakeEncoder()), new PredictionInput([]), OutputFilter.All, TimeProvider.System);
}
