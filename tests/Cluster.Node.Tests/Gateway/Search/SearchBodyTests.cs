using System.Text;
using CsCheck;
using MlCluster.Messages.Search;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Search;

namespace MlCluster.Node.Tests.Gateway.Search;

/// <summary>The query DSL as clients write it, and OpenSearch's words for what is none.</summary>
public sealed class SearchBodyTests
{
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", ",", "\"query\":{", "\"bool\":{", "\"must\":[", "\"term\":{\"a\":", "\"b\"", "1",
        "null", "\"range\":{\"a\":{\"gte\":", "\"sort\":", "\"_source\":", "\"search_after\":[", "\"size\":",
        "true", "\"terms\":{\"a\":[",
    ];

    public static TheoryData<string, SearchQuery> Queries => new()
    {
        { """{"match_all":{}}""", new MatchAllQuery() },
        { """{"match_all":{"boost":2}}""", new MatchAllQuery { Boost = 2 } },
        { """{"match_none":{}}""", new MatchNoneQuery() },
        { """{"term":{"name.keyword":"a"}}""", new TermsQuery("name.keyword", ["a"], true, false) },
        { """{"term":{"total_chunks":3}}""", new TermsQuery("total_chunks", ["3"], true, false) },
        { """{"term":{"deploy_to_all_nodes":true}}""", new TermsQuery("deploy_to_all_nodes", ["true"], true, false) },
        {
            """{"term":{"f":{"value":"a","boost":2,"case_insensitive":true,"_name":"n"}}}""",
            new TermsQuery("f", ["a"], false, true) { Boost = 2 }
        },
        { """{"match":{"f":"a b"}}""", new MatchQuery("f", "a b", false, null) },
        {
            """{"match":{"f":{"query":"a b","operator":"AND"}}}""", new MatchQuery("f", "a b", true, null)
        },
        {
            """{"match":{"f":{"query":5,"minimum_should_match":"75%"}}}""", new MatchQuery("f", "5", false, "75%")
        },
        { """{"match_phrase":{"f":"a b"}}""", new MatchPhraseQuery("f", "a b") },
        { """{"match_phrase":{"f":{"query":"a b","slop":0}}}""", new MatchPhraseQuery("f", "a b") },
        { """{"prefix":{"f":"a"}}""", new PrefixQuery("f", "a", false) },
        { """{"prefix":{"f":{"value":"a","case_insensitive":true}}}""", new PrefixQuery("f", "a", true) },
        {
            """{"wildcard":{"f":{"wildcard":"a*","rewrite":"constant_score"}}}""",
            new WildcardQuery("f", "a*", false)
        },
        { """{"range":{"f":{"gte":1,"lt":"now"}}}""", new RangeQuery("f", "1", true, "now", false) },
        { """{"range":{"f":{"gt":1,"lte":null}}}""", new RangeQuery("f", "1", false, null, true) },
        {
            """{"range":{"f":{"from":1,"to":2,"include_lower":false,"format":"epoch_millis","boost":3}}}""",
            new RangeQuery("f", "1", false, "2", true) { Boost = 3 }
        },
        { """{"exists":{"field":"f"}}""", new ExistsQuery("f") },
        {
            """{"constant_score":{"filter":{"match_all":{}},"boost":2}}""",
            new ConstantScoreQuery(new MatchAllQuery()) { Boost = 2 }
        },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public void Parse_Query_IsRead(string json, SearchQuery expected) =>
        Assert.Equal(Told(expected), Told(Query(json)));

    [Fact]
    public void Parse_ListsOfValues_AreRead()
    {
        Assert.Equal(["a", "1"], Assert.IsType<IdsQuery>(Query("""{"ids":{"values":["a",1]}}""")).Values);
        Assert.Equal(["a"], Assert.IsType<IdsQuery>(Query("""{"ids":{"values":"a"}}""")).Values);
        var terms = Assert.IsType<TermsQuery>(Query("""{"terms":{"f":["a","b"],"boost":2}}"""));
        Assert.Equal(["a", "b"], terms.Values);
        Assert.Equal((2, false), (terms.Boost, terms.IsScored));
    }

    [Fact]
    public void Parse_Bool_IsReadWithItsParts()
    {
        var read = Assert.IsType<BoolQuery>(Query(
            """
            {"bool":{"must":{"match_all":{}},"should":[{"match_all":{}},{"match_none":{}}],
             "filter":[{"term":{"a":"b"}}],"must_not":[{"exists":{"field":"chunk_number"}}],"minimum_should_match":1}}
            """));

        Assert.IsType<MatchAllQuery>(Assert.Single(read.Must));
        Assert.Equal(2, read.Should.Count);
        Assert.Equal("a", Assert.IsType<TermsQuery>(Assert.Single(read.Filter)).Field);
        Assert.Equal(new ExistsQuery("chunk_number"), Assert.Single(read.MustNot));
        Assert.Equal("1", read.MinimumShouldMatch);
    }

    [Fact]
    public void Parse_WholeBody_IsRead()
    {
        var body = Parse(
            """
            {"query":{"match_all":{}},"from":2,"size":"20","min_score":0.5,"track_total_hits":5,"version":true,
             "sort":[{"created_time":{"order":"desc","missing":"_first","unmapped_type":"long"}},"name.keyword",
                     {"_score":"asc"},"_score"],
             "timeout":"5s","seq_no_primary_term":true,"_source":{"includes":["a*"],"excludes":"b"}}
            """);

        Assert.Equal((2, 20, 0.5f, 5L), (body.From, body.Size, body.MinScore, body.TotalUpTo));
        Assert.Equal(
            [
                new SortField("created_time", true, true, true), new SortField("name.keyword", false, false, false),
                new SortField("_score", false, false, false), new SortField("_score", true, false, false),
            ],
            body.Sort);
    }

    [Fact]
    public void Parse_EmptyBody_AsksForEverything()
    {
        var body = Parse("{}");

        Assert.Equal(new MatchAllQuery(), body.Query);
        Assert.Equal((0, 10, 10_000L, true), (body.From, body.Size, body.TotalUpTo, body.HasScores));
    }

    [Theory]
    [InlineData("true", long.MaxValue)]
    [InlineData("false", null)]
    [InlineData("3", 3L)]
    public void Parse_TrackTotalHits_IsRead(string value, long? upTo) =>
        Assert.Equal(upTo, Parse($$"""{"track_total_hits":{{value}}}""").TotalUpTo);

    [Theory]
    [InlineData("""{"query":{"wildcart":{}}}""", "unknown query [wildcart] did you mean [wildcard]?")]
    [InlineData("""{"query":{"fuzzy":{"a":"b"}}}""", "unknown query [fuzzy]")]
    [InlineData("""{"query":{"script":{}}}""", "unknown query [script]")]
    [InlineData("""{"query":[]}""", "[_na] query malformed, must start with start_object")]
    [InlineData("""{"query":{"match_all":[]}}""", "[match_all] query malformed, no start_object after query name")]
    [InlineData(
        """{"query":{"match_all":{},"term":{}}}""",
        "[match_all] malformed query, expected [END_OBJECT] but found [FIELD_NAME]")]
    [InlineData("""{"query":{"match_all":{"x":1}}}""", "[match_all] unknown field [x]")]
    [InlineData("""{"query":{"term":{"a":["b"]}}}""", "[term] query does not support array of values")]
    [InlineData(
        """{"query":{"term":{"a":"b","c":"d"}}}""",
        "[term] query doesn't support multiple fields, found [a] and [c]")]
    [InlineData("""{"query":{"term":{"a":{"values":"b"}}}}""", "[term] query does not support [values]")]
    [InlineData("""{"query":{"terms":{"a":"b"}}}""", "[terms] query does not support [a]")]
    [InlineData("""{"query":{"terms":{"a":{"index":"x"}}}}""", "[terms] query does not support [a]")]
    [InlineData("""{"query":{"terms":{"a":[],"b":[]}}}""", "[terms] query does not support multiple fields")]
    [InlineData(
        """{"query":{"match":{"a":{"query":"b","fuzziness":"AUTO"}}}}""",
        "[match] query does not support [fuzziness]")]
    [InlineData(
        """{"query":{"match_phrase":{"a":{"query":"b","slop":2}}}}""",
        "[match_phrase] query does not support [slop]")]
    [InlineData("""{"query":{"range":{"a":1}}}""", "[range] query does not support [a]")]
    [InlineData("""{"query":{"range":{"a":{"near":1}}}}""", "[range] query does not support [near]")]
    [InlineData(
        """{"query":{"range":{"a":{"gte":1,"time_zone":"+02:00"}}}}""",
        "[range] query does not support [time_zone]")]
    [InlineData("""{"query":{"exists":{"fields":"a"}}}""", "[exists] query does not support [fields]")]
    [InlineData("""{"query":{"exists":{}}}""", "[exists] must be provided with a [field]")]
    [InlineData("""{"query":{"bool":{"must":"a"}}}""", "[bool] query does not support [must]")]
    [InlineData("""{"query":{"bool":{"shall":[]}}}""", "[bool] query does not support [shall]")]
    [InlineData("""{"query":{"constant_score":{}}}""", "[constant_score] requires a 'filter' element")]
    [InlineData("""{"aggs":{}}""", "Unknown key for a START_OBJECT in [aggs].")]
    [InlineData("""{"highlight":{"fields":{}}}""", "Unknown key for a START_OBJECT in [highlight].")]
    [InlineData("""{"explain":true}""", "Unknown key for a VALUE_BOOLEAN in [explain].")]
    [InlineData("""{"sort":[{"a":{"nested":{}}}]}""", "[field_sort] unknown field [nested]")]
    [InlineData(
        """{"sort":5}""",
        "malformed sort format, within the sort array, an object, or an actual string are allowed")]
    [InlineData("[]", "Expected [START_OBJECT] but found [START_ARRAY]")]
    public void Parse_WhatIsNotThere_IsAParsingException(string json, string reason)
    {
        var error = Assert.Throws<ApiException>(() => Parse(json)).Error;

        Assert.Equal((400, "parsing_exception", reason), (error.Status, error.Type, error.Reason));
        Assert.Equal(["line", "col"], error.Metadata.Select(m => m.Key));
    }

    [Fact]
    public void Parse_Mistake_NamesItsPlace() => Assert.Equal(
        [2L, 11L],
        Assert.Throws<ApiException>(() => Parse("{\"size\":1,\n \"query\": 5}")).Error.Metadata.Select(m => m.Value));

    [Theory]
    [InlineData("""{"size":-1}""", "illegal_argument_exception", "[size] parameter cannot be negative, found [-1]")]
    [InlineData("""{"size":"a"}""", "number_format_exception", "For input string: \"a\"")]
    [InlineData(
        """{"from":9999,"size":2}""",
        "illegal_argument_exception",
        "Result window is too large, from + size must be less than or equal to: [10000] but was [10001].")]
    [InlineData("""{"search_after":[1]}""", "illegal_argument_exception", "Sort must contain at least one field.")]
    [InlineData(
        """{"sort":["a"],"search_after":[1,2]}""",
        "illegal_argument_exception", "search_after has 2 value(s) but sort has 1.")]
    [InlineData(
        """{"sort":["a"],"search_after":[1],"from":1}""",
        "illegal_argument_exception", "`from` parameter must be set to 0")]
    [InlineData(
        """{"sort":[{"a":"up"}]}""",
        "illegal_argument_exception", "No enum constant org.opensearch.search.sort.SortOrder.UP")]
    [InlineData(
        """{"sort":[{"a":{"mode":"min","order":"desc"}}]}""",
        "parsing_exception", "[field_sort] does not support [mode] [min] in this order")]
    [InlineData("""{"query":{}}""", "illegal_argument_exception", "query malformed, empty clause found at [1:10]")]
    [InlineData("""{"query":{"term":{"a":null}}}""", "illegal_argument_exception", "value cannot be null")]
    public void Parse_ValueThatCannotBe_IsRefused(string json, string type, string reason)
    {
        var error = Assert.Throws<ApiException>(() => Parse(json)).Error;

        Assert.Equal((400, type), (error.Status, error.Type));
        Assert.StartsWith(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TooDeepOrTooMany_IsRefused()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"bool":{"must":""", 21)) + """{"match_all":{}}"""
            + string.Concat(Enumerable.Repeat("}}", 21));
        var many = string.Join(',', Enumerable.Repeat("""{"match_all":{}}""", 1024));

        Assert.Contains("max_nested_depth", Refusal(deep), StringComparison.Ordinal);
        Assert.Equal("maxClauseCount is set to 1024", Refusal($$$"""{"bool":{"should":[{{{many}}}]}}"""));
    }

    // Pieces of the language in any order: refused or read, never a fault of ours.
    [Fact]
    public void Parse_AnyPieces_AreReadOrRefused() => Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[1, 12]
        .Sample(pieces =>
        {
            var text = "{" + string.Concat(pieces);
            var open = new Stack<char>();
            foreach (var c in text)
            {
                _ = c switch
                {
                    '{' => Push(open, '}'),
                    '[' => Push(open, ']'),
                    '}' or ']' => open.TryPop(out _),
                    _ => false,
                };
            }

            try
            {
                Parse(text + string.Concat(open));
            }
            catch (ApiException e)
            {
                Assert.Equal(400, e.Error.Status);
            }
        });

    private static bool Push(Stack<char> open, char closing)
    {
        open.Push(closing);
        return true;
    }

    private static string Refusal(string query) => Assert.Throws<ApiException>(() => Query(query)).Error.Reason!;

    private static SearchQuery Query(string json) => Parse($$"""{"query":{{json}}}""").Query;

    private static SearchBody Parse(string json) => SearchBody.Parse(Encoding.UTF8.GetBytes(json));

    // Records compare lists by reference, and print their types.
    private static string Told(SearchQuery query) => query is TermsQuery t
        ? $"{t.Field} {string.Join(',', t.Values)} {t.IsScored} {t.IgnoreCase} {t.Boost}"
        : query.ToString();
}
