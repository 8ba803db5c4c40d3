namespace MlCluster.Messages.Search;

/// <summary>A query of OpenSearch's query DSL, without the forms in which clients may write it.</summary>
public abstract record SearchQuery
{
    /// <summary>Multiplies the score.</summary>
    public float Boost { get; init; } = 1;
}

/// <summary>Every document.</summary>
public sealed record MatchAllQuery : SearchQuery;

/// <summary>No document.</summary>
public sealed record MatchNoneQuery : SearchQuery;

/// <summary>Documents with one of these ids.</summary>
public sealed record IdsQuery(IReadOnlyList<string> Values) : SearchQuery;

/// <summary>Documents that have one of these terms, as they are, in a field.</summary>
/// <param name="IsScored">True for <c>term</c>: rare terms score higher; <c>terms</c> scores 1.</param>
public sealed record TermsQuery(string Field, IReadOnlyList<string> Values, bool IsScored, bool IgnoreCase)
    : SearchQuery;

/// <summary>Documents whose field has words of a text.</summary>
/// <param name="NeedsAll">All words; else one of them, or as many as <paramref name="MinimumShouldMatch"/>.</param>
/// <param name="MinimumShouldMatch">A number, a share or OpenSearch's conditions; null: one.</param>
public sealed record MatchQuery(string Field, string Text, bool NeedsAll, string? MinimumShouldMatch) : SearchQuery;

/// <summary>Documents whose field has the words of a text one after the other.</summary>
public sealed record MatchPhraseQuery(string Field, string Text) : SearchQuery;

/// <summary>Documents with a term that begins so.</summary>
public sealed record PrefixQuery(string Field, string Value, bool IgnoreCase) : SearchQuery;

/// <summary>Documents with a term of that form.</summary>
/// <param name="Value">* is anything, ? one character, a backslash takes the next as it is.</param>
public sealed record WildcardQuery(string Field, string Value, bool IgnoreCase) : SearchQuery;

/// <summary>Documents whose field lies between two bounds.</summary>
/// <param name="From">Null: open.</param>
/// <param name="To">Null: open.</param>
public sealed record RangeQuery(string Field, string? From, bool IncludesFrom, string? To, bool IncludesTo)
    : SearchQuery;

/// <summary>Documents that have a field, or anything in an object.</summary>
/// <param name="Field">A name, or a pattern in which * is anything.</param>
public sealed record ExistsQuery(string Field) : SearchQuery;

/// <summary>Documents that meet other queries.</summary>
/// <param name="Filter">As <paramref name="Must"/>, without a score.</param>
/// <param name="MinimumShouldMatch">As in <see cref="MatchQuery"/>; null: one where nothing else is asked for, else
/// none.</param>
public sealed record BoolQuery(
    IReadOnlyList<SearchQuery> Must,
    IReadOnlyList<SearchQuery> Should,
    IReadOnlyList<SearchQuery> Filter,
    IReadOnlyList<SearchQuery> MustNot,
    string? MinimumShouldMatch) : SearchQuery;

/// <summary>Documents that meet a query, each with the score of <see cref="SearchQuery.Boost"/>.</summary>
public sealed record ConstantScoreQuery(SearchQuery Filter) : SearchQuery;
