using CsCheck;
using MlCluster.Messages;
using MlCluster.Messages.Search;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Search;
using MlCluster.Node.Domain.Search.Documents;
using static MlCluster.Node.Tests.Domain.Search.SearchKit;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Domain.Search;

/// <summary>Whatever is searched for and sorted by: hits, scores, pages are those of a look at each document.</summary>
public sealed class OrderPropertyTests
{
    private static readonly string[] Vocabulary = ["no", "room", "to", "deploy", "node"];

    private static readonly Gen<string> Texts =
        OneOf(Vocabulary).Array[1, 6].Select(words => string.Join(' ', words));

    private static readonly Gen<TaskDocument> Tasks = Gen.Select(
        Gen.Int[0, 120], OneOf(TaskStatus.Created, TaskStatus.Running, TaskStatus.Failed), Gen.Int[0, 20],
        Gen.OneOf(Gen.Const((string?)null), Texts.Select(t => (string?)t)),
        OneOf("n1", "n2", "n3").Array[0, 2],
        (id, state, created, error, nodes) => Task($"t{id:D3}", state, created, error) with
        {
            WorkerNodes = [.. nodes.Select(n => new NodeId(n))],
        });

    private static readonly Gen<SearchQuery> Leaves = Gen.Select(
        Gen.OneOf(
            OneOf("CREATED", "FAILED").Select(s => (SearchQuery)Term("state", s)),
            OneOf(Vocabulary).Select(w => (SearchQuery)Term("error", w)),
            Gen.Select(Texts, Gen.Bool, (text, all) => (SearchQuery)new MatchQuery("error", text, all, null)),
            OneOf(Vocabulary).Array[2].Select(
                w => (SearchQuery)new MatchPhraseQuery("error", string.Join(' ', w))),
            OneOf("error", "worker_node").Select(f => (SearchQuery)new ExistsQuery(f)),
            Texts.Select(t => (SearchQuery)new ConstantScoreQuery(new MatchQuery("error", t, false, null))),
            Gen.Const((SearchQuery)new MatchAllQuery())),
        OneOf(1f, 1f, 0.5f, 3f),
        (query, boost) => query with { Boost = boost });

    private static readonly Gen<SearchQuery> Queries = Combined(Combined(Leaves));

    private static readonly Gen<SortField[]> Sorts = Gen.Select(
        OneOf("_score", "_id", "create_time", "state", "worker_node"), Gen.Bool, Gen.Bool,
        (field, descending, missingFirst) => new SortField(field, descending, missingFirst, false)).Array[0, 3];

    [Fact]
    public void Run_AnySearch_GivesThePageOfALookAtEach() => Gen
        .Select(Tasks.Array[0, 200], Queries, Sorts, Gen.Int[0, 20], Gen.Int[0, 20])
        .Sample((puts, query, sort, from, size) =>
        {
            var (index, tasks) = Filled(puts);
            var expected = new NaiveSearch(tasks).Run(query, sort);

            var found = DocumentSearch.Run(
                index, SearchFor(query, sort) with { From = from, Size = size }, query, Now);

            Assert.Equal(expected.Count, found.Total);
            Assert.Equal(expected.Skip(from).Take(size).Select(h => h.Task.TaskId.Value), found.Ids());
            Assert.Equal(expected.Skip(from).Take(size).Select(h => h.Score), found.Rows.Select(r => r.Score));
            if (sort.Length == 0 && expected.Count > 0)
            {
                Assert.Equal(expected.Max(h => h.Score), found.MaxScore);
            }
        });

    [Fact]
    public void Run_AfterAnyHit_GivesWhatComesAfterItsValues() => Gen
        .Select(Tasks.Array[1, 200], Queries, Sorts, Gen.Int[0, 200])
        .Sample((puts, query, sort, place) =>
        {
            var (index, _) = Filled(puts);
            SortField[] whole = [.. sort, new SortField("_id", false, false, false)];
            var all = index.Find(query, whole).Rows;
            if (all.Count == 0)
            {
                return;
            }

            var search = SearchFor(query, whole) with { After = all[place % all.Count].Sort };

            Assert.Equal(
                all.Skip((place % all.Count) + 1).Select(r => r.Document.Id),
                DocumentSearch.Run(index, search, query, Now).Ids());
        });

    [Fact]
    public void Run_AnyMinScore_LeavesOutWhatScoresLess() => Gen
        .Select(Tasks.Array[0, 200], Queries, Gen.Float[0, 2])
        .Sample((puts, query, least) =>
        {
            var (index, tasks) = Filled(puts);
            var expected = new NaiveSearch(tasks).Run(query, []).Where(h => h.Score >= least).ToList();

            var found = DocumentSearch.Run(index, SearchFor(query) with { MinScore = least }, query, Now);

            Assert.Equal(expected.Select(h => h.Task.TaskId.Value), found.Ids());
            Assert.Equal(expected.Count, found.Total);
        });

    // Every fourth goes again: rows are used anew, and what came later took the place of what was there.
    private static (DocumentIndex Index, IReadOnlyCollection<TaskDocument> Tasks) Filled(TaskDocument[] puts)
    {
        var index = new DocumentIndex(DocumentMapping.Tasks);
        var tasks = new Dictionary<string, TaskDocument>(StringComparer.Ordinal);
        foreach (var (i, task) in puts.Index())
        {
            index.Put(IndexedDocument.Of(task, i + 1));
            tasks[task.TaskId.Value] = task;
            if (i % 4 == 3)
            {
                index.Remove(puts[i / 2].TaskId.Value);
                tasks.Remove(puts[i / 2].TaskId.Value);
            }
        }

        return (index, tasks.Values);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<SearchQuery> Combined(Gen<SearchQuery> parts) => Gen.OneOf(
        Leaves,
        Gen.Select(
            parts.Array[1, 2], parts.Array[0, 3], parts.Array[0, 1], parts.Array[0, 1],
            Gen.Select(OneOf<string?>(null, "2"), OneOf(1f, 2f)),
            (must, should, filter, mustNot, rest) => (SearchQuery)new BoolQuery(
                should.Length > 1 ? must[1..] : must, should, filter, mustNot, should.Length > 1 ? rest.Item1 : null)
            {
                Boost = rest.Item2,
            }));
}
