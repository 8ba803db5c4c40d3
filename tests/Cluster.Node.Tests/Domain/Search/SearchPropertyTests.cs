using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using MlCluster.Messages.Search;
using MlCluster.Node.Domain.Search;
using MlCluster.Node.Domain.Search.Documents;
using MlCluster.Node.Domain.Search.Queries;
using static MlCluster.Node.Tests.Domain.Search.SearchKit;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Domain.Search;

/// <summary>Whatever is searched for, an index finds what a look at each document finds.</summary>
public sealed class SearchPropertyTests
{
    private static readonly string[] States = ["CREATED", "RUNNING", "COMPLETED", "FAILED", "NONE"];

    private static readonly Gen<(int Id, int State, int Created)[]> Documents =
        Gen.Select(Gen.Int[0, 150], Gen.Int[0, 3], Gen.Int[0, 9]).Array[0, 200];

    private static readonly Gen<SearchQuery> Leaves = Gen.OneOf(
        Gen.Int[0, 4].Select(s => (SearchQuery)Term("state", States[s])),
        Gen.Int[0, 4].Select(s => (SearchQuery)new PrefixQuery("state", States[s][..2], false)),
        Gen.Select(
            Gen.Int[0, 9], Gen.Bool, Gen.Int[0, 9], Gen.Bool,
            (from, f, to, t) => (SearchQuery)new RangeQuery("create_time", $"{from}", f, $"{to}", t)),
        Gen.Int[0, 150].Select(id => (SearchQuery)new IdsQuery([$"t{id}"])),
        Gen.Const((SearchQuery)new MatchAllQuery()));

    private static readonly Gen<SearchQuery> Queries = Combined(Combined(Leaves));

    [Fact]
    public void Run_AnyQuery_FindsWhatEachDocumentSays() => Gen.Select(Documents, Queries).Sample((documents, query) =>
    {
        var index = new DocumentIndex(DocumentMapping.Tasks);
        var known = new Dictionary<int, (int State, int Created)>();
        foreach (var (id, state, created) in documents)
        {
            // Every fourth goes again: rows are used anew.
            index.Put(IndexedDocument.Of(Task($"t{id}", (TaskStatus)(state == 3 ? 5 : state + 1), created), 1));
            known[id] = (state, created);
            if (id % 4 == 0)
            {
                index.Remove($"t{id}");
                known.Remove(id);
            }
        }

        var expected = known.Where(d => Meets(query, d.Key, d.Value)).Select(d => $"t{d.Key}");

        Assert.Equal(expected.Order(StringComparer.Ordinal), index.Find(query).Ids().Order(StringComparer.Ordinal));
    });

    [Fact]
    public void First_AnyRows_AreThoseOfTheirOrder() => Gen.Select(Documents, Gen.Int[0, 30], Gen.Bool, Gen.Int[0, 3])
        .Sample((documents, count, descending, sorted) =>
        {
            var index = Of([.. documents.DistinctBy(d => d.Id).Select(d =>
                Task($"t{d.Id:D3}", (TaskStatus)(d.State + 1), d.Created))]);
            SortField[] sort =
            [
                .. new[] { "state", "create_time", "_id" }.Take(sorted)
                    .Select(f => new SortField(f, descending, false, false)),
            ];

            var all = index.Find(new MatchAllQuery(), sort).Rows;
            var search = SearchFor(new MatchAllQuery(), sort) with { Size = count };
            var first = DocumentSearch.Run(index, search, new MatchAllQuery(), Now);

            Assert.Equal(all.Take(count).Select(r => r.Document.Id), first.Ids());
            Assert.All(all.Zip(all.Skip(1)), p => Assert.True(IsInOrder(p.Item1, p.Item2, descending)));
        });

    [Fact]
    public void Matches_AnyPattern_IsWhatARegularExpressionSays() => Gen
        .Select(Gen.String[Gen.Char["ab*?"], 0, 8], Gen.String[Gen.Char["abc"], 0, 8])
        .Sample((pattern, text) =>
        {
            var regex = $@"\A{Regex.Escape(pattern).Replace(@"\*", ".*").Replace(@"\?", ".")}\z";

            Assert.Equal(
                Regex.IsMatch(text, regex, RegexOptions.None, TimeSpan.FromSeconds(10)),
                new WildcardPattern(pattern, ignoreCase: false).Matches(text));
        });

    [Theory]
    [InlineData("2", 5, 2)]
    [InlineData("-1", 5, 4)]
    [InlineData("75%", 5, 3)]
    [InlineData("-25%", 5, 4)]
    [InlineData("-9", 5, 0)]
    [InlineData("3<90%", 3, 3)]
    [InlineData("3<90%", 10, 9)]
    [InlineData("2<-25% 9<-3", 5, 4)]
    [InlineData("2<-25% 9<-3", 12, 9)]
    public void MinimumShouldMatch_Text_SaysHowMany(string text, int clauses, int expected) =>
        Assert.Equal(expected, MinimumShouldMatch.Of(text, clauses));

    [Theory]
    [InlineData("some")]
    [InlineData("1<2<3")]
    [InlineData("")]
    [InlineData("99999999999%")]
    public void MinimumShouldMatch_NoSuchText_IsAFault(string text) =>
        Assert.Throws<SearchException>(() => MinimumShouldMatch.Of(text, 3));

    // The first value that differs decides.
    private static bool IsInOrder(FoundRow first, FoundRow second, bool descending) => first.Sort.Zip(second.Sort)
        .Select(v => v.Item1.Text is null
            ? v.Item1.Number!.Value.CompareTo(v.Item2.Number!.Value)
            : string.CompareOrdinal(v.Item1.Text, v.Item2.Text))
        .FirstOrDefault(c => c != 0) is var difference && (descending ? difference >= 0 : difference <= 0);

    private static Gen<SearchQuery> Combined(Gen<SearchQuery> parts) => Gen.OneOf(
        Leaves,
        Gen.Select(
            parts.Array[0, 2], parts.Array[0, 3], parts.Array[0, 2], parts.Array[0, 2], Gen.Int[0, 4],
            (must, should, filter, mustNot, minimum) => (SearchQuery)new BoolQuery(
                must, should, filter, mustNot, minimum == 4 ? null : $"{minimum}")));

    private static bool Meets(SearchQuery query, int id, (int State, int Created) document) => query switch
    {
        TermsQuery q => States[document.State] == q.Values[0],
        PrefixQuery q => States[document.State].StartsWith(q.Value, StringComparison.Ordinal),
        RangeQuery q => Number(q.From!) is var from && Number(q.To!) is var to
            && (document.Created > from || (q.IncludesFrom && document.Created == from))
            && (document.Created < to || (q.IncludesTo && document.Created == to)),
        IdsQuery q => q.Values[0] == $"t{id}",
        BoolQuery q => q.Must.Concat(q.Filter).All(p => Meets(p, id, document))
            && !q.MustNot.Any(p => Meets(p, id, document))
            && q.Should.Count(p => Meets(p, id, document)) >= Minimum(q),
        _ => true,
    };

    // Nothing asked for is everything, whatever minimum stands beside it.
    private static int Minimum(BoolQuery q)
    {
        var isAsked = q.Must.Count + q.Should.Count + q.Filter.Count + q.MustNot.Count > 0;
        var least = q.Should.Count > 0 && q.Must.Count + q.Filter.Count == 0 ? 1 : 0;
        return isAsked ? Math.Max(least, Number(q.MinimumShouldMatch ?? "0")) : 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
