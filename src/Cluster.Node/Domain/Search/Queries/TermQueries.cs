using MlCluster.Messages.Search;
using MlCluster.Node.Domain.Search.Documents;
using MlCluster.Node.Domain.Search.Scoring;

namespace MlCluster.Node.Domain.Search.Queries;

/// <summary>Queries for terms and words: those that score.</summary>
/// <param name="evaluate">Finds what meets a query that these are put together to.</param>
/// <param name="now">Epoch milliseconds.</param>
internal sealed class TermQueries(
    DocumentIndex index, IndexFields fields, Func<SearchQuery, Matches> evaluate, long now)
{
    // A text of more has more words than that, and takes long to be cut into them.
    private const int MaxTextLength = 1 << 16;

    /// <summary><c>term</c> and <c>terms</c>.</summary>
    public Matches Terms(TermsQuery q)
    {
        if (q.Field == IndexFields.Id)
        {
            return Matches.Constant(fields.WithIds(q.Values), q.Boost);
        }

        if (fields.Find(q.Field) is not { } field)
        {
            return Matches.None;
        }

        if (!field.HasTerms)
        {
            return Numbers(field, q.Values, q.Boost, q.IsScored);
        }

        if (q.IgnoreCase)
        {
            var values = q.Values.ToHashSet(StringComparer.OrdinalIgnoreCase);
            return Matches.Constant(fields.Accepted(field, values.Contains), q.Boost);
        }

        return q is { IsScored: true, Values: [var value] }
            ? Term(field, value, q.Boost)
            : Matches.Constant(fields.Accepted(field, q.Values), q.Boost);
    }

    private Matches Numbers(FieldMapping field, IEnumerable<string> values, float boost, bool isScored)
    {
        // A number with a fraction is between none; a date without a time stands for the whole day.
        var ranges = values
            .Select(v => (First: FieldText.Lower(field, v, true, now), Last: FieldText.Upper(field, v, true, now)))
            .ToLookup(r => r.First == r.Last);
        var column = index.Numbers(field);
        var found = column.OneOf(ranges[true].Select(r => r.First).ToHashSet());
        foreach (var (first, last) in ranges[false].Where(r => r.First < r.Last).Distinct())
        {
            found.Or(column.Between(first, last));
        }

        var score = isScored && field.Type == FieldType.Boolean
            ? Bm25.Score(boost * Bm25.Rarity(index.Numbers(field).Present().Count, found.Count), 1, 1, 1)
            : boost;
        return Matches.Constant(found, score);
    }

    private Matches Term(FieldMapping field, string value, float boost)
    {
        var column = index.Terms(field);
        var ordinal = column.Terms.Find(field.Synonyms.GetValueOrDefault(value, value));
        return ordinal < 0
            ? Matches.None
            : new Matches(column.RowsOf(ordinal), Scores(field, ordinal, boost));
    }

    // Keywords keep no lengths.
    private IScores Scores(FieldMapping field, int ordinal, float boost)
    {
        var column = index.Terms(field);
        if (field.Type == FieldType.Text)
        {
            return new TextScores(column, [ordinal], boost);
        }

        var rarity = Bm25.Rarity(column.RowCount, column.Terms.RowCountOf(ordinal));
        return new ConstantScores(
            Bm25.Score(boost * rarity, 1, 1, (double)column.TermCount / Math.Max(1, column.RowCount)));
    }

    /// <summary><c>match</c>.</summary>
    public Matches Match(MatchQuery q)
    {
        if (q.Field == IndexFields.Id)
        {
            return Matches.Constant(fields.WithIds([q.Text]), q.Boost);
        }

        if (fields.Find(q.Field) is not { } field)
        {
            return Matches.None;
        }

        if (!field.HasTerms)
        {
            return Numbers(field, [q.Text], q.Boost, isScored: true);
        }

        if (field.Type == FieldType.Keyword)
        {
            return Term(field, q.Text, q.Boost);
        }

        return Words(q, WordsOf(q.Text));
    }

    private static IReadOnlyList<string> WordsOf(string text)
    {
        var words = text.Length <= MaxTextLength ? Text.StandardTokenizer.Tokenize(text) : null;
        return words is { Count: <= QueryEvaluator.MaxClauses } few
            ? few
            : throw new SearchException(
                $"maxClauseCount is set to {QueryEvaluator.MaxClauses}; search for fewer words");
    }

    private Matches Words(MatchQuery q, IEnumerable<string> words)
    {
        TermsQuery[] terms = [.. words.Select(w => new TermsQuery(q.Field, [w], true, false) { Boost = q.Boost })];
        return terms switch
        {
            [] => Matches.None,
            // No minimum makes one word two.
            [var one] => Terms(one),
            _ when q.NeedsAll => evaluate(new BoolQuery(terms, [], [], [], null)),
            _ => evaluate(new BoolQuery([], terms, [], [], q.MinimumShouldMatch)),
        };
    }

    /// <summary><c>match_phrase</c>.</summary>
    public Matches Phrase(MatchPhraseQuery q)
    {
        if (q.Field == IndexFields.Id || fields.Find(q.Field) is not { Type: FieldType.Text } field)
        {
            return Match(new MatchQuery(q.Field, q.Text, true, null) { Boost = q.Boost });
        }

        var column = index.Terms(field);
        int[] words = [.. WordsOf(q.Text).Select(column.Terms.Find)];
        if (words.Length == 0 || words.Contains(-1))
        {
            return Matches.None;
        }

        var rows = words.Aggregate(index.Live(), (met, word) => met.And(column.RowsOf(word)));
        foreach (var row in rows)
        {
            rows.Put(row, TextScores.Frequency(column.TermsOf(row), words) > 0);
        }

        return new Matches(rows, new TextScores(column, words, q.Boost));
    }
}
