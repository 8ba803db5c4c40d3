using MlCluster.Messages.Search;
using MlCluster.Node.Domain.Search.Columns;
using MlCluster.Node.Domain.Search.Documents;
using MlCluster.Node.Domain.Search.Scoring;

namespace MlCluster.Node.Domain.Search.Queries;

/// <summary>Finds the documents of an index that meet a query.</summary>
/// <param name="now">Epoch milliseconds.</param>
internal sealed class QueryEvaluator(DocumentIndex index, long now)
{
    /// <summary>OpenSearch's <c>indices.query.bool.max_clause_count</c>.</summary>
    public const int MaxClauses = 1024;

    // A text of more has more words than that, and takes long to be cut into them.
    private const int MaxTextLength = 1 << 16;
    private const string IdField = "_id";

    /// <exception cref="SearchException">The query asks for what a field cannot do.</exception>
    public Matches Evaluate(SearchQuery query) => query switch
    {
        MatchAllQuery => Matches.Constant(index.Live(), query.Boost),
        MatchNoneQuery => Nothing(),
        IdsQuery q => Matches.Constant(WithIds(q.Values), q.Boost),
        TermsQuery q => Terms(q),
        MatchQuery q => Match(q),
        MatchPhraseQuery q => Phrase(q),
        PrefixQuery q => Pattern(
            q, q.Field, "prefix", (_, t) => t.StartsWith(q.Value, Comparison(q.IgnoreCase))),
        WildcardQuery q => Wildcard(q),
        RangeQuery q => Matches.Constant(Range(q), q.Boost),
        ExistsQuery q => Matches.Constant(Existing(q.Field), q.Boost),
        ConstantScoreQuery q => Matches.Constant(Evaluate(q.Filter).Rows, q.Boost),
        BoolQuery q => new BoolEvaluation(index, Evaluate).Evaluate(q),
        _ => throw new ArgumentException($"{query.GetType().Name} is no query", nameof(query)),
    };

    private static Matches Nothing() => Matches.Constant(new RowSet(0), 0);

    private static StringComparison Comparison(bool ignoreCase) =>
        ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private RowSet WithIds(IEnumerable<string> ids)
    {
        var found = new RowSet(0);
        foreach (var row in ids.Select(index.RowOf).Where(r => r >= 0))
        {
            found.Add(row);
        }

        return found;
    }

    private FieldMapping? Field(string name) => name is ['_', ..]
        ? throw new SearchException(
            $"the metadata field [{name}] cannot be searched here; use a field of the document, or _id in ids, term or "
            + "terms")
        : index.Mapping.Find(name);

    private Matches Terms(TermsQuery q)
    {
        if (q.Field == IdField)
        {
            return Matches.Constant(WithIds(q.Values), q.Boost);
        }

        if (Field(q.Field) is not { } field)
        {
            return Nothing();
        }

        if (!field.HasTerms)
        {
            return Numbers(field, q.Values, q.Boost, q.IsScored);
        }

        if (q.IgnoreCase)
        {
            var values = q.Values.ToHashSet(StringComparer.OrdinalIgnoreCase);
            return Matches.Constant(Accepted(field, values.Contains), q.Boost);
        }

        return q is { IsScored: true, Values: [var value] }
            ? Term(field, value, q.Boost)
            : Matches.Constant(Accepted(field, q.Values), q.Boost);
    }

    private Matches Numbers(FieldMapping field, IEnumerable<string> values, float boost, bool isScored)
    {
        var found = new RowSet(0);
        foreach (var number in values.Select(v => FieldText.Exact(field, v, now)).OfType<long>().Distinct())
        {
            found.Or(index.Numbers(field).Between(number, number));
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
            ? Nothing()
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

        var rarity = Bm25.Rarity(column.RowCount, column.Terms.DocumentsOf(ordinal));
        return new ConstantScores(
            Bm25.Score(boost * rarity, 1, 1, (double)column.TermCount / Math.Max(1, column.RowCount)));
    }

    private RowSet Accepted(FieldMapping field, IReadOnlyList<string> values)
    {
        var column = index.Terms(field);
        var accepted = new bool[column.Terms.Size];
        foreach (var value in values)
        {
            if (column.Terms.Find(field.Synonyms.GetValueOrDefault(value, value)) is >= 0 and var ordinal)
            {
                accepted[ordinal] = true;
            }
        }

        return column.RowsOf(accepted);
    }

    private RowSet Accepted(FieldMapping field, Predicate<string> accepts)
    {
        var column = index.Terms(field);
        var older = field.Synonyms.Where(s => accepts(s.Key)).Select(s => s.Value).ToHashSet(StringComparer.Ordinal);
        return column.RowsOf(column.Terms.Where(t => accepts(t) || older.Contains(t)));
    }

    private Matches Match(MatchQuery q)
    {
        if (q.Field == IdField)
        {
            return Matches.Constant(WithIds([q.Text]), q.Boost);
        }

        if (Field(q.Field) is not { } field)
        {
            return Nothing();
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
        return words is { Count: <= MaxClauses } few
            ? few
            : throw new SearchException($"maxClauseCount is set to {MaxClauses}; search for fewer words");
    }

    private Matches Words(MatchQuery q, IEnumerable<string> words)
    {
        TermsQuery[] terms = [.. words.Select(w => new TermsQuery(q.Field, [w], true, false) { Boost = q.Boost })];
        return terms switch
        {
            [] => Nothing(),
            // No minimum makes one word two.
            [var one] => Terms(one),
            _ when q.NeedsAll => Evaluate(new BoolQuery(terms, [], [], [], null)),
            _ => Evaluate(new BoolQuery([], terms, [], [], q.MinimumShouldMatch)),
        };
    }

    private Matches Phrase(MatchPhraseQuery q)
    {
        if (q.Field == IdField || Field(q.Field) is not { Type: FieldType.Text } field)
        {
            return Match(new MatchQuery(q.Field, q.Text, true, null) { Boost = q.Boost });
        }

        var column = index.Terms(field);
        int[] words = [.. WordsOf(q.Text).Select(column.Terms.Find)];
        if (words.Length == 0 || words.Contains(-1))
        {
            return Nothing();
        }

        var rows = new RowSet(0);
        foreach (var row in column.RowsOf(words[0]).Rows()
            .Where(r => TextScores.Frequency(column.TermsOf(r), words) > 0))
        {
            rows.Add(row);
        }

        return new Matches(rows, new TextScores(column, words, q.Boost));
    }

    private Matches Wildcard(WildcardQuery q)
    {
        // Words of a text are in lower case, and OpenSearch takes the pattern so too.
        var plain = new WildcardPattern(q.Value, q.IgnoreCase);
        var lower = new WildcardPattern(q.Value.ToLowerInvariant(), q.IgnoreCase);
        return Pattern(
            q, q.Field, "wildcard", (field, t) => (field.Type == FieldType.Text ? lower : plain).Matches(t));
    }

    private Matches Pattern(SearchQuery query, string name, string kind, Func<FieldMapping, string, bool> accepts)
    {
        if (Field(name) is not { } field)
        {
            return Nothing();
        }

        if (!field.HasTerms)
        {
            throw new SearchException(
                $"Can only use {kind} queries on keyword, text and wildcard fields - not on [{name}] which is of type "
                + $"[{field.TypeName}]");
        }

        return Matches.Constant(Accepted(field, t => accepts(field, t)), query.Boost);
    }

    private RowSet Range(RangeQuery q)
    {
        if (Field(q.Field) is not { } field)
        {
            return new RowSet(0);
        }

        if (field.HasTerms)
        {
            return Accepted(field, t => IsBetween(t, q));
        }

        var from = q.From is null ? long.MinValue : FieldText.Lower(field, q.From, q.IncludesFrom, now);
        var to = q.To is null ? long.MaxValue : FieldText.Upper(field, q.To, q.IncludesTo, now);
        return index.Numbers(field).Between(from, to);
    }

    private static bool IsBetween(string term, RangeQuery q) =>
        (q.From is null || string.CompareOrdinal(term, q.From) is var f && (q.IncludesFrom ? f >= 0 : f > 0))
        && (q.To is null || string.CompareOrdinal(term, q.To) is var t && (q.IncludesTo ? t <= 0 : t < 0));

    private RowSet Existing(string name)
    {
        if (Field(name) is { } field)
        {
            return Existing(field);
        }

        var found = new RowSet(0);
        foreach (var part in index.Mapping.Fields.Where(f => f.Name.StartsWith(name + '.', StringComparison.Ordinal)))
        {
            found.Or(Existing(part));
        }

        return found;
    }

    private RowSet Existing(FieldMapping field) =>
        field.HasTerms ? index.Terms(field).Present() : index.Numbers(field).Present();
}
