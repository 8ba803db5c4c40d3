using MlCluster.Messages.Search;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Documents;

namespace MlCluster.Node.Tests.Domain.Search;

/// <summary>Searches tasks by looking at each: slow, and plain to see.</summary>
internal sealed class NaiveSearch(IReadOnlyCollection<TaskDocument> tasks)
{
    /// <summary>All hits in their order.</summary>
    public IReadOnlyList<(TaskDocument Task, float Score)> Run(SearchQuery query, IReadOnlyList<SortField> sort)
    {
        var hits = tasks.Select(t => (Task: t, Score: ScoreOf(query, t))).Where(h => h.Score is not null)
            .Select(h => (h.Task, Score: h.Score!.Value));
        var byTheirFields = sort.Reverse().Aggregate(
            hits.OrderBy(h => h.Task.CreateTime).ThenBy(h => h.Task.TaskId.Value, StringComparer.Ordinal),
            (ordered, field) => ordered.Order(Comparer<(TaskDocument Task, float Score)>.Create(
                (x, y) => Compare(field, x, y))));
        return [.. sort.Count > 0 ? byTheirFields : byTheirFields.OrderByDescending(h => h.Score)];
    }

    /// <summary>Below zero: the first comes first.</summary>
    private static int Compare(SortField field, (TaskDocument Task, float Score) x, (TaskDocument Task, float Score) y)
    {
        var sign = field.Descending ? -1 : 1;
        return field.Field switch
        {
            "_score" => sign * x.Score.CompareTo(y.Score),
            "_id" => sign * string.CompareOrdinal(x.Task.TaskId.Value, y.Task.TaskId.Value),
            "create_time" => sign * x.Task.CreateTime.CompareTo(y.Task.CreateTime),
            var name => (Best(name, field.Descending, x.Task), Best(name, field.Descending, y.Task)) switch
            {
                (null, null) => 0,
                (null, _) => field.MissingFirst ? -1 : 1,
                (_, null) => field.MissingFirst ? 1 : -1,
                var (a, b) => sign * string.CompareOrdinal(a, b),
            },
        };
    }

    private static string? Best(string field, bool highest, TaskDocument task) => highest
        ? TermsOf(field, task).Max(StringComparer.Ordinal)
        : TermsOf(field, task).Min(StringComparer.Ordinal);

    private static string[] TermsOf(string field, TaskDocument task) => field switch
    {
        "error" => task.Error?.Split(' ') ?? [],
        "worker_node" => [.. task.WorkerNodes.Select(n => n.Value).Distinct(StringComparer.Ordinal)],
        _ => [Words.Of(task.Status)],
    };

    // Null: no hit.
    private float? ScoreOf(SearchQuery query, TaskDocument task) => query switch
    {
        TermsQuery q => OfWords(q.Field, q.Values, q.Boost, task),
        MatchPhraseQuery q => OfWords(q.Field, q.Text.Split(' '), q.Boost, task),
        MatchQuery q => ScoreOf(
            new BoolQuery(
                [], [.. q.Text.Split(' ').Select(w => SearchKit.Term(q.Field, w) with { Boost = q.Boost })], [], [],
                q.NeedsAll ? "100%" : null),
            task),
        ExistsQuery q => TermsOf(q.Field, task).Length > 0 ? q.Boost : null,
        ConstantScoreQuery q => ScoreOf(q.Filter, task) is null ? null : q.Boost,
        BoolQuery q => OfBool(q, task),
        _ => query.Boost,
    };

    private float? OfBool(BoolQuery q, TaskDocument task)
    {
        float?[] should = [.. q.Should.Select(p => ScoreOf(p, task))];
        var least = q.MinimumShouldMatch switch
        {
            "100%" => should.Length,
            "2" => 2,
            _ => q.Should.Count > 0 && q.Must.Count + q.Filter.Count == 0 ? 1 : 0,
        };
        float?[] must = [.. q.Must.Select(p => ScoreOf(p, task))];
        return must.Any(s => s is null) || q.Filter.Any(p => ScoreOf(p, task) is null)
            || q.MustNot.Any(p => ScoreOf(p, task) is not null) || should.Count(s => s is not null) < least
            ? null
            : (float)(must.Concat(should).Sum(s => (double)(s ?? 0)) * q.Boost);
    }

    // BM25 of one word, or of words in a row.
    private float? OfWords(string field, IReadOnlyList<string> words, float boost, TaskDocument task)
    {
        var all = tasks.Select(t => TermsOf(field, t)).Where(t => t.Length > 0).ToList();
        var terms = TermsOf(field, task);
        var count = Enumerable.Range(0, Math.Max(0, terms.Length - words.Count + 1))
            .Count(i => terms.Skip(i).Take(words.Count).SequenceEqual(words, StringComparer.Ordinal));
        if (count == 0)
        {
            return null;
        }

        var rarity = words.Sum(w => all.Count(t => t.Contains(w, StringComparer.Ordinal)) is var having
            ? Math.Log(1 + ((all.Count - having + 0.5) / (having + 0.5)))
            : 0);
        var length = field == "error" ? terms.Length : 1;
        var norm = 1.2 * (0.25 + (0.75 * length / all.Average(t => t.Length)));
        return (float)((boost * rarity) - ((boost * rarity) / (1 + (count / norm))));
    }
}
