using MlCluster.Messages.Search;
using MlCluster.Node.Domain.Search.Columns;
using MlCluster.Node.Domain.Search.Scoring;

namespace MlCluster.Node.Domain.Search.Queries;

/// <summary>Puts the parts of a <c>bool</c> query together.</summary>
internal sealed class BoolEvaluation(DocumentIndex index, Func<SearchQuery, Matches> evaluate)
{
    public Matches Evaluate(BoolQuery q)
    {
        if (q.Must.Count + q.Should.Count + q.Filter.Count + q.MustNot.Count == 0)
        {
            return Matches.Constant(index.Live(), q.Boost);
        }

        Matches[] must = [.. q.Must.Select(evaluate)];
        Matches[] should = [.. q.Should.Select(evaluate)];
        var rows = index.Live();
        foreach (var required in must.Concat(q.Filter.Select(evaluate)))
        {
            rows.And(required.Rows);
        }

        rows = AtLeast(rows, should, Minimum(q));
        foreach (var forbidden in q.MustNot)
        {
            rows.AndNot(evaluate(forbidden).Rows);
        }

        return new Matches(rows, ScoresOf([.. must, .. should], rows, q.Boost));
    }

    // Where the only part scores the same everywhere, so does the whole: nothing is added up for each row.
    private static IScores ScoresOf(Matches[] parts, RowSet rows, float boost) => parts switch
    {
        [] => new ConstantScores(0),
        [{ Scores: ConstantScores same, Rows: var met }] when rows.Copy().AndNot(met).Count == 0 =>
            new ConstantScores(same.Of(0) * boost),
        _ => new SumScores(parts, boost),
    };

    // Where nothing else is asked for, one has to match whatever is said.
    private static int Minimum(BoolQuery q) => Math.Max(
        q.MinimumShouldMatch is { } text ? MinimumShouldMatch.Of(text, q.Should.Count) : 0,
        q.Should.Count > 0 && q.Must.Count + q.Filter.Count == 0 ? 1 : 0);

    private RowSet AtLeast(RowSet rows, Matches[] should, int minimum)
    {
        if (minimum <= 0)
        {
            return rows;
        }

        if (minimum > should.Length)
        {
            return new RowSet(0);
        }

        if (minimum == 1)
        {
            return rows.And(should.Aggregate(new RowSet(0), (all, one) => all.Or(one.Rows)));
        }

        var met = new int[index.RowCount];
        foreach (var part in should)
        {
            foreach (var row in part.Rows.Copy().And(rows))
            {
                met[row]++;
            }
        }

        return RowSet.Where(met.Length, new IsAtLeast(met, minimum));
    }

    private readonly struct IsAtLeast(int[] numbers, int least) : IRowTest
    {
        public bool Accepts(int row) => numbers[row] >= least;
    }
}
