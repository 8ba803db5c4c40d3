using System.Runtime.Serialization;
using MlCluster.Messages.Search;
using MlCluster.Messages.Serialization;
using MlCluster.Messages.Tests.Support;

namespace MlCluster.Messages.Tests.Serialization;

public sealed class SearchQueryBytesTests
{
    private static readonly SearchQuery[] Leaves =
    [
        new MatchAllQuery(),
        new MatchNoneQuery { Boost = 2 },
        new IdsQuery(["a", ""]),
        new IdsQuery([]),
        new TermsQuery("f", ["a", "b"], IsScored: true, IgnoreCase: false),
        new TermsQuery("f", [], IsScored: false, IgnoreCase: true),
        new MatchQuery("f", "some words", NeedsAll: true, null),
        new MatchQuery("f", "", NeedsAll: false, "75%"),
        new MatchPhraseQuery("f", "some words"),
        new PrefixQuery("f", "p", IgnoreCase: true),
        new WildcardQuery("f", "*", IgnoreCase: false) { Boost = 0 },
        new RangeQuery("f", null, true, "9", false),
        new RangeQuery("f", "", false, null, true),
        new ExistsQuery("f"),
    ];

    [Fact]
    public void Decode_EveryQueryInEveryPlace_IsWhatWasEncoded()
    {
        SearchQuery all = new BoolQuery(
            Leaves, [new ConstantScoreQuery(new BoolQuery([], Leaves, [], [], "2<-25%"))], Leaves, Leaves, null)
        {
            Boost = 1.5f,
        };

        var read = SearchQueryBytes.Decode(SearchQueryBytes.Encode(all));

        Assert.Equal(Structure.Of(all), Structure.Of(read));
    }

    [Fact]
    public void Encode_EveryKindOfQuery_IsKnown()
    {
        var kinds = typeof(SearchQuery).Assembly.GetTypes().Where(t => t.BaseType == typeof(SearchQuery));

        Assert.Equal(
            kinds.Except([typeof(BoolQuery), typeof(ConstantScoreQuery)]).Select(t => t.Name).Order(),
            Leaves.Select(l => l.GetType().Name).Distinct().Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0D0000803F")]
    [InlineData("FFFFFF")]
    public void Decode_BytesThatAreNoQuery_AreRefused(string hex) =>
        Assert.Throws<SerializationException>(() => SearchQueryBytes.Decode(Convert.FromHexString(hex)));
}
