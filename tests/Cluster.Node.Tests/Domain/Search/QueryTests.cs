using MlCluster.Messages.Models;
using MlCluster.Messages.Search;
using MlCluster.Node.Domain.Search;
using MlCluster.Node.Domain.Search.Documents;
using static MlCluster.Node.Tests.Domain.Search.SearchKit;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Domain.Search;

/// <summary>What each query finds, and with which score.</summary>
public sealed class QueryTests
{
    private static readonly DocumentIndex Models = Of(
        Model("a", "all-MiniLM-L6-v2", ModelStatus.Deployed),
        Model("b", "all-mpnet-base", ModelStatus.Registered),
        Model("c", "Sparse encoder", ModelStatus.DeployFailed) with { Times = new ModelTimes(9, 9, null, null, null) });

    public static TheoryData<SearchQuery, string> Queries => new()
    {
        { new MatchAllQuery(), "a b c" },
        { new MatchNoneQuery(), "" },
        { new IdsQuery(["c", "a", "x"]), "a c" },
        { Term("_id", "b"), "b" },
        { Term("model_state", "DEPLOYED"), "a" },
        { Term("model_state", "LOADED"), "a" },
        { Term("model_state.keyword", "UPLOADED"), "b" },
        { Term("model_state", "deployed"), "" },
        { new TermsQuery("model_state", ["loaded"], false, IgnoreCase: true), "a" },
        { new TermsQuery("model_state", ["LOADED", "DEPLOY_FAILED", "NONE"], false, false), "a c" },
        { Term("name", "all-MiniLM-L6-v2"), "" },
        { Term("name", "minilm"), "a" },
        { Term("name.keyword", "all-MiniLM-L6-v2"), "a" },
        { Term("nothing", "a"), "" },
        { Term("model_config.embedding_dimension", "384"), "a b c" },
        { Term("model_config.embedding_dimension", "384.5"), "" },
        { Term("deploy_to_all_nodes", "true"), "a b c" },
        { new MatchQuery("name", "ALL encoder", false, null), "a b c" },
        { new MatchQuery("name", "all base", true, null), "b" },
        { new MatchQuery("name", "all base mpnet nothing", false, "75%"), "b" },
        { new MatchQuery("name", "…", false, null), "" },
        { new MatchQuery("name", "mpnet", false, "2"), "b" },
        { new MatchQuery("model_state", "LOADED", false, null), "a" },
        { new MatchQuery("created_time", "9", false, null), "c" },
        { new MatchPhraseQuery("name", "MiniLM L6"), "a" },
        { new MatchPhraseQuery("name", "L6 MiniLM"), "" },
        { new MatchPhraseQuery("algorithm", "TEXT_EMBEDDING"), "a b c" },
        { new PrefixQuery("name.keyword", "all-", false), "a b" },
        { new PrefixQuery("name.keyword", "ALL-", IgnoreCase: true), "a b" },
        { new PrefixQuery("model_state", "LOAD", false), "a c" },
        { new WildcardQuery("name.keyword", "*-b?se", false), "b" },
        { new WildcardQuery("name", "MINI*", false), "a" },
        { new WildcardQuery("model_state", "*FAILED", false), "c" },
        { new RangeQuery("created_time", "9", true, "9", true), "c" },
        { new RangeQuery("created_time", "9", false, null, true), "a b" },
        { new RangeQuery("created_time", null, true, "9", false), "" },
        { new RangeQuery("created_time", "now-1y", true, null, true), "" },
        { new RangeQuery("created_time", "2022-01-01T00:00:00.000Z", true, "2023-01-01", true), "a b" },
        { new RangeQuery("created_time", "now-1y/y", true, "now/M", true), "a b" },
        { Term("created_time", "2022-10-16"), "a b" },
        { new TermsQuery("created_time", ["9", "2022-10-16"], false, false), "a b c" },
        { new TermsQuery("model_config.embedding_dimension", ["1", "384"], false, false), "a b c" },
        { new RangeQuery("model_config.embedding_dimension", "383.5", true, "384.5", true), "a b c" },
        { new RangeQuery("name.keyword", "all-mpnet", true, null, true), "b" },
        { new ExistsQuery("last_registered_time"), "a b" },
        { new ExistsQuery("last_uploaded_time"), "a b" },
        { new ExistsQuery("model_config"), "a b c" },
        { new ExistsQuery("chunk_number"), "" },
        { new ExistsQuery("last_reg*"), "a b" },
        { new ExistsQuery("*_uploaded_*"), "a b" },
        { new ExistsQuery("model_config.*"), "a b c" },
        { new ExistsQuery("model_con*"), "a b c" },
        { new ExistsQuery("*"), "a b c" },
        { new ExistsQuery("chunk_*"), "" },
        { new ExistsQuery("name*x"), "" },
        { new BoolQuery([], [], [], [new ExistsQuery("last_deployed_time")], null), "c" },
        { new BoolQuery([], [Term("name", "all"), Term("name", "mpnet")], [], [], null), "a b" },
        { new BoolQuery([], [Term("name", "all"), Term("name", "mpnet")], [], [], "2"), "b" },
        { new BoolQuery([], [Term("name", "all")], [], [], "2"), "" },
        { new BoolQuery([], [Term("name", "none")], [new MatchAllQuery()], [], null), "a b c" },
        { new BoolQuery([], [Term("name", "mpnet")], [new MatchAllQuery()], [], "1"), "b" },
        { new BoolQuery([], [], [], [], null), "a b c" },
        { new ConstantScoreQuery(Term("name", "all")), "a b" },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public void Run_Query_FindsWhatMeetsIt(SearchQuery query, string ids)
    {
        var found = Models.Find(query);

        Assert.Equal(ids.Split(' ', StringSplitOptions.RemoveEmptyEntries), found.Ids().Order(StringComparer.Ordinal));
        Assert.Equal(found.Rows.Count, found.Total);
    }

    // As OpenSearch 3 tells them: BM25 without the constant factor that it had before.
    public static TheoryData<SearchQuery, float> Scores => new()
    {
        { new MatchAllQuery(), 1 },
        { new MatchAllQuery { Boost = 3 }, 3 },
        { new IdsQuery(["a"]), 1 },
        { new ExistsQuery("name"), 1 },
        { new RangeQuery("created_time", "0", true, null, true), 1 },
        { new PrefixQuery("name", "mini", false), 1 },
        { new WildcardQuery("name", "mini*", false), 1 },
        { new TermsQuery("model_state", ["DEPLOYED"], false, false), 1 },
        { new ConstantScoreQuery(Term("name", "minilm")) { Boost = 1.5f }, 1.5f },
        { new BoolQuery([], [], [new IdsQuery(["a"])], [], null), 0 },
        { new BoolQuery([], [], [], [Term("name", "mpnet")], null), 0 },
        { new BoolQuery([new MatchAllQuery()], [new ExistsQuery("name")], [], [], null) { Boost = 2 }, 4 },
        { Term("model_config.embedding_dimension", "384"), 1 },
        { Term("model_state", "DEPLOYED"), 0.445831f },
        { new MatchQuery("name", "minilm", false, null), 0.392332f },
    };

    [Theory]
    [MemberData(nameof(Scores))]
    public void Run_Query_ScoresItsFirstHit(SearchQuery query, float score)
    {
        var found = Models.Find(query);

        Assert.Equal(score, found.Rows[0].Score, 1e-4f);
        Assert.Equal(score, found.MaxScore!.Value, 1e-4f);
    }

    [Theory]
    [InlineData("created_time", "soon", "failed to parse date field [soon]")]
    [InlineData("total_chunks", "many", "For input string: \"many\"")]
    [InlineData("deploy_to_all_nodes", "yes", "Can't parse boolean value [yes]")]
    [InlineData("_index", "x", "the metadata field [_index] cannot be searched")]
    public void Run_ValueThatFieldCannotHave_IsAFault(string field, string value, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<SearchException>(() => Models.Find(Term(field, value))).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(1025)]
    [InlineData(1_000_000)]
    public void Run_TooManyWords_IsAFault(int words) => Assert.StartsWith(
        "maxClauseCount is set to 1024",
        Assert.Throws<SearchException>(() => Models.Find(new MatchQuery(
            "name", string.Concat(Enumerable.Repeat("a ", words)), false, null))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Run_PrefixOnANumber_IsAFault() => Assert.StartsWith(
        "Can only use prefix queries on keyword, text and wildcard fields - not on [created_time] which is of type",
        Assert.Throws<SearchException>(() => Models.Find(new PrefixQuery("created_time", "1", false))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Put_ChangedAndRemovedDocuments_AreFoundAsTheyAre()
    {
        var index = Of(Task("a", TaskStatus.Created, error: "one two"), Task("b", TaskStatus.Created));
        index.Put(IndexedDocument.Of(Task("a", TaskStatus.Failed, error: "two"), 9));
        index.Remove("b");
        index.Remove("never");
        index.Put(IndexedDocument.Of(Task("c", TaskStatus.Created), 10));

        Assert.Equal(["c"], index.Find(Term("state", "CREATED")).Ids());
        Assert.Empty(index.Find(Term("error", "one")).Ids());
        Assert.Equal([9L], index.Find(Term("error", "two")).Rows.Select(r => r.Document.SeqNo));
        Assert.Equal(2, index.Find(new MatchAllQuery()).Total);
    }
}
