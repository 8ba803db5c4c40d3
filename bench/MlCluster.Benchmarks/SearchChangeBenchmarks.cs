using BenchmarkDotNet.Attributes;
using MlCluster.Messages.Search;
using MlCluster.Messages.Serialization;
using MlCluster.Node.Data.Search;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Benchmarks;

/// <summary>What it costs a data node to take a changed task over into an index of a hundred thousand.</summary>
public class SearchChangeBenchmarks
{
    private const int Changes = 1_000;
    private readonly IndexFollower _follower = Filled();
    private readonly StoredDocument[][] _changes =
    [
        [.. ChangedTo(TaskStatus.Running)], [.. ChangedTo(TaskStatus.Failed)],
    ];

    private int _turn;

    /// <summary>An index of all tasks.</summary>
    internal static IndexFollower Filled()
    {
        var follower = new IndexFollower();
        for (var task = 0; task < SearchDatabase.TaskCount; task++)
        {
            follower.Take(Stored(task, DocumentBytes.Encode(SearchDatabase.Document(task))));
        }

        return follower;
    }

    /// <summary>A thousand tasks run, or have failed.</summary>
    [Benchmark(OperationsPerInvoke = Changes)]
    public void Change()
    {
        foreach (var change in _changes[_turn++ % 2])
        {
            _follower.Take(change);
        }
    }

    private static IEnumerable<StoredDocument> ChangedTo(TaskStatus status) => Enumerable.Range(0, Changes)
        .Select(i => i * (SearchDatabase.TaskCount / Changes))
        .Select(task => Stored(task, DocumentBytes.Encode(SearchDatabase.Document(task, status))));

    private static StoredDocument Stored(int task, byte[] document) =>
        new(new DocumentKey(DocumentKind.Task, SearchDatabase.Id(task)), task + 1, document);
}
