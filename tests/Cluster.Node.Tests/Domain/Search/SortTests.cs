using MlCluster.Messages.Models;
using MlCluster.Messages.Search;
using MlCluster.Node.Domain.Search;
using static MlCluster.Node.Tests.Domain.Search.SearchKit;

namespace MlCluster.Node.Tests.Domain.Search;

/// <summary>The order of hits, and going on from one of them.</summary>
public sealed class SortTests
{
    private static readonly DocumentIndex Models = Of(
        At("a", "zebra", 3, deployed: 10), At("b", "apple", 1, deployed: null), At("c", "mango", 2, deployed: 20),
        At("d", "apple", 4, deployed: null));

    [Theory]
    [InlineData("created_time", false, false, "b c a d")]
    [InlineData("created_time", true, false, "d a c b")]
    [InlineData("name.keyword", false, false, "b d c a")]
    [InlineData("name.keyword", true, false, "a c b d")]
    [InlineData("last_deployed_time", false, false, "a c b d")]
    [InlineData("last_loaded_time", true, false, "c a b d")]
    [InlineData("last_deployed_time", false, true, "b d a c")]
    [InlineData("last_deployed_time", true, true, "b d c a")]
    [InlineData("model_group_id", false, false, "b c a d")]
    [InlineData("_id", true, false, "d c b a")]
    [InlineData("_doc", false, false, "b c a d")]
    [InlineData("_score", true, false, "b c a d")]
    public void Run_Sorted_GivesThatOrder(string field, bool descending, bool missingFirst, string ids)
    {
        var found = Models.Find(new MatchAllQuery(), new SortField(field, descending, missingFirst, false));

        Assert.Equal(ids.Split(' '), found.Ids());
    }

    [Fact]
    public void Run_NotSorted_BestComesFirst() =>
        Assert.Equal(["b", "d", "c"], Models.Find(new BoolQuery(
            [new PrefixQuery("name.keyword", "", false)],
            [new PrefixQuery("name.keyword", "a", false)],
            [],
            [Term("name", "zebra")],
            null)).Ids());

    [Theory]
    [InlineData("name.keyword", "created_time")]
    [InlineData("last_deployed_time", "created_time")]
    [InlineData("name.keyword", "_id")]
    public void Run_AfterEachHit_GivesTheNext(string first, string second)
    {
        SortField[] sort = [new(first, false, false, false), new(second, true, false, false)];
        var all = Models.Find(new MatchAllQuery(), sort);

        foreach (var (i, hit) in all.Rows.Index())
        {
            var search = SearchFor(new MatchAllQuery(), sort) with { After = hit.Sort, Size = 1 };
            var next = DocumentSearch.Run(Models, search, new MatchAllQuery(), Now);

            Assert.Equal(all.Ids().Skip(i + 1).Take(1), next.Ids());
            Assert.Equal(4, next.Total);
        }
    }

    [Fact]
    public void Run_FromAndSize_CutAPage()
    {
        var search = SearchFor(new MatchAllQuery(), new SortField("created_time", false, false, false)) with
        {
            From = 1, Size = 2,
        };

        var found = DocumentSearch.Run(Models, search, new MatchAllQuery(), Now);

        Assert.Equal(["c", "a"], found.Ids());
        Assert.Equal(4, found.Total);
    }

    [Fact]
    public void Run_MinScore_LeavesOutWhatScoresLess()
    {
        var query = new BoolQuery([new MatchAllQuery()], [Term("name.keyword", "mango")], [], [], null);

        Assert.Equal(["c"], DocumentSearch.Run(Models, SearchFor(query) with { MinScore = 1.1f }, query, Now).Ids());
    }

    [Theory]
    [InlineData("name", "Text fields are not optimised")]
    [InlineData("nothing", "No mapping found for [nothing] in order to sort on")]
    public void Run_FieldThatCannotBeSortedBy_IsAFault(string field, string reason) => Assert.StartsWith(
        reason,
        Assert.Throws<SearchException>(
            () => Models.Find(new MatchAllQuery(), new SortField(field, false, false, false))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Run_UnmappedFieldThatMayBeSo_IsPassedOver() => Assert.Equal(
        ["b", "c", "a", "d"], Models.Find(new MatchAllQuery(), new SortField("nothing", false, false, true)).Ids());

    private static ModelDocument At(string id, string name, long created, long? deployed) =>
        Model(id, name) with { Times = new ModelTimes(created, created, null, deployed, null) };
}
