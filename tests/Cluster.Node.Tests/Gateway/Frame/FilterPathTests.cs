using System.Text;
using MlCluster.Node.Gateway.Frame;

namespace MlCluster.Node.Tests.Gateway.Frame;

public sealed class FilterPathTests
{
    private const string Json =
        """{"took":3,"hits":{"total":{"value":1},"hits":[{"_id":"1","_source":{"name":"a","x.y":2}},"""
        + """{"_id":"2","tags":[1,2]}]},"empty":{}}""";

    [Theory]
    [InlineData("took", """{"took":3}""")]
    [InlineData("hits.total", """{"hits":{"total":{"value":1}}}""")]
    [InlineData("hits.hits._id", """{"hits":{"hits":[{"_id":"1"},{"_id":"2"}]}}""")]
    [InlineData("hits.hits._source.name", """{"hits":{"hits":[{"_source":{"name":"a"}}]}}""")]
    [InlineData("**._id", """{"hits":{"hits":[{"_id":"1"},{"_id":"2"}]}}""")]
    [InlineData("**.value", """{"hits":{"total":{"value":1}}}""")]
    [InlineData("h*.t*", """{"hits":{"total":{"value":1}}}""")]
    [InlineData("took,hits.total.value", """{"took":3,"hits":{"total":{"value":1}}}""")]
    [InlineData("-hits", """{"took":3,"empty":{}}""")]
    [InlineData(
        "-hits.hits._source,-hits.total,-empty",
        """{"took":3,"hits":{"hits":[{"_id":"1"},{"_id":"2","tags":[1,2]}]}}""")]
    [InlineData("hits,-**._source,-**.tags", """{"hits":{"total":{"value":1},"hits":[{"_id":"1"},{"_id":"2"}]}}""")]
    [InlineData(@"**.x\.y", """{"hits":{"hits":[{"_source":{"x.y":2}}]}}""")]
    [InlineData("nothing", "{}")]
    [InlineData("took.deeper", "{}")]
    [InlineData("empty", """{"empty":{}}""")]
    public void Write_Filter_KeepsWhatItNames(string filter, string expected) =>
        Assert.Equal(expected, Shape(filter, false));

    [Fact]
    public void Write_PathOfManyWildcards_StaysSmall()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 60)) + "1" + new string('}', 60);
        using var output = new PooledBuffer(16);

        JsonShape.Write(
            Encoding.UTF8.GetBytes(deep), FilterPath.Parse(string.Join('.', Enumerable.Repeat("**", 60)) + ".b"),
            false, output);

        Assert.Equal("{}", Encoding.UTF8.GetString(output.Written.Span));
    }

    [Fact]
    public void Write_Pretty_Indents() => Assert.Equal("{\n  \"took\": 3\n}\n", Shape("took", true));

    [Theory]
    [InlineData("a*c", "abbc", true)]
    [InlineData("*", "", true)]
    [InlineData("a*b*c", "aXbYc", true)]
    [InlineData("a*b", "abc", false)]
    [InlineData("abc", "abcd", false)]
    public void Matches_Pattern_FollowsWildcards(string pattern, string name, bool matches) =>
        Assert.Equal(matches, PathMatch.Matches(pattern, name));

    private static string Shape(string filter, bool pretty)
    {
        using var output = new PooledBuffer(16);
        JsonShape.Write(Encoding.UTF8.GetBytes(Json), FilterPath.Parse(filter), pretty, output);
        return Encoding.UTF8.GetString(output.Written.Span);
    }
}
