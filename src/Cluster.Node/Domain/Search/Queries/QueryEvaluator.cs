using MlCluster.Messages.Search;
using MlCluster.Node.Domain.Search.Columns;
using MlCluster.Node.Domain.Search.Documents;

namespace MlCluster.Node.Domain.Search.Queries;

/// <summary>Finds the documents of an index that meet a query.</summary>
/// <param name="now">Epoch milliseconds.</param>
internal sealed class QueryEvaluator(DocumentIndex index, long now)
{
    /// <summary>OpenSearch's <c>indices.query.bool.max_clause_count</c>.</summary>
    public const int MaxClauses = 1024;

    private readonly IndexFields _fields = new(index);

    /// <exception cref="SearchException">The query asks for what a field cannot do.</exception>
    public Matches Evaluate(SearchQuery query) => query switch
    {
        MatchAllQuery => Matches.Constant(index.Live(), query.Boost),
        MatchNoneQuery => Matches.None,
        IdsQuery q => Matches.Constant(_fields.WithIds(q.Values), q.Boost),
        TermsQuery q => Terms.Terms(q),
        MatchQuery q => Terms.Match(q),
        MatchPhraseQuery q => Terms.Phrase(q),
        PrefixQuery q => Pattern(
            q, q.Field, "prefix", (_, t) => t.StartsWith(q.Value, Comparison(q.IgnoreCase))),
        WildcardQuery q => Wildcard(q),
        RangeQuery q => Matches.Constant(Range(q), q.Boost),
        ExistsQuery q => Matches.Constant(Existing(q.Field), q.Boost),
        ConstantScoreQuery q => Matches.Constant(Evaluate(q.Filter).Rows, q.Boost),
        BoolQuery q => new BoolEvaluation(index, Evaluate).Evaluate(q),
        _ => throw new ArgumentException($"{query.GetType().Name} is no query", nameof(query)),
    };

    private TermQueries Terms => new(index, _fields, Evaluate, now);

    private static StringComparison Comparison(bool ignoreCase) =>
        ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

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
        if (_fields.Find(name) is not { } field)
        {
            return Matches.None;
        }

        if (!field.HasTerms)
        {
            throw new SearchException(
                $"Can only use {kind} queries on keyword, text and wildcard fields - not on [{name}] which is of type "
                + $"[{field.TypeName}]");
        }

        return Matches.Constant(_fields.Accepted(field, t => accepts(field, t)), query.Boost);
    }

    private RowSet Range(RangeQuery q)
    {
        if (_fields.Find(q.Field) is not { } field)
        {
            return new RowSet(0);
        }

        if (field.HasTerms)
        {
            return _fields.Accepted(field, t => IsBetween(t, q));
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
        if (_fields.Find(name) is { } field)
        {
            return Existing(field);
        }

        // A pattern's fields, or an object's.
        var parts = index.Mapping.Matching(name.Contains('*', StringComparison.Ordinal) ? name : name + ".*");
        var found = new RowSet(0);
        foreach (var part in parts)
        {
            found.Or(Existing(part));
        }

        return found;
    }

    private RowSet Existing(FieldMapping field) =>
        field.HasTerms ? index.Terms(field).Present() : index.Numbers(field).Present();
}
