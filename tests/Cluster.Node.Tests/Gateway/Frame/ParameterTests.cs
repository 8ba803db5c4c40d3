using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;

namespace MlCluster.Node.Tests.Gateway.Frame;

public sealed class ParameterTests
{
    [Theory]
    [InlineData("a=1&b=x+y%20z&c", "a", "1")]
    [InlineData("a=1&b=x+y%20z&c", "b", "x y z")]
    [InlineData("a=1&b=x+y%20z&c", "c", "")]
    [InlineData("a=1&a=2", "a", "2")]
    [InlineData("a=1=2", "a", "1=2")]
    [InlineData("b=1", "a", null)]
    public void Get_Query_DecodesAndKeepsTheLast(string query, string name, string? value) =>
        Assert.Equal(value, QueryParameters.Parse(query).Get(name));

    [Theory]
    [InlineData("pretty", true)]
    [InlineData("pretty=", true)]
    [InlineData("pretty=true", true)]
    [InlineData("pretty=false", false)]
    [InlineData("", false)]
    public void GetBoolean_LegalValue_IsRead(string query, bool value) =>
        Assert.Equal(value, QueryParameters.Parse(query).GetBoolean("pretty"));

    [Fact]
    public void GetBoolean_OtherValue_IsRefused()
    {
        var e = Assert.Throws<ApiException>(() => QueryParameters.Parse("pretty=yes").GetBoolean("pretty"));

        Assert.Equal("Failed to parse value [yes] as only [true] or [false] are allowed.", e.Error.Reason);
        Assert.Equal(400, e.Error.Status);
    }

    [Theory]
    [InlineData("x=1", "request [/p] contains unrecognized parameter: [x]")]
    [InlineData("y=1&x=1", "request [/p] contains unrecognized parameters: [x], [y]")]
    [InlineData("depoy=1", "request [/p] contains unrecognized parameter: [depoy] -> did you mean [deploy]?")]
    [InlineData("loa=1&q=2", "request [/p] contains unrecognized parameters: [loa] -> did you mean [load]?, [q]")]
    public void Check_UnknownParameter_IsNamedWithWhatWasMeant(string query, string reason)
    {
        var e = Assert.Throws<ApiException>(
            () => ParameterCheck.Check("/p", QueryParameters.Parse(query), ["load", "deploy"]));

        Assert.Equal(reason, e.Error.Reason);
        Assert.Equal("illegal_argument_exception", e.Error.Type);
    }

    [Fact]
    public void Check_SeveralAreNear_NamesThemBestFirst()
    {
        var e = Assert.Throws<ApiException>(
            () => ParameterCheck.Check("/p", QueryParameters.Parse("nodes=1"), ["node", "nodess"]));

        Assert.EndsWith("-> did you mean any of [nodess, node]?", e.Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_CommonAndKnownParameters_Pass() =>
        ParameterCheck.Check(
            "/p", QueryParameters.Parse("pretty&human&error_trace&filter_path=a&format=json&load"), ["load"]);

    [Theory]
    [InlineData("format=yaml")]
    [InlineData("format=text")]
    public void Read_FormatThatIsNotSpoken_IsNotAcceptable(string query) => Assert.Equal(
        406,
        Assert.Throws<ApiException>(() => CommonParameters.Read(QueryParameters.Parse(query), false)).Error.Status);

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("application/json; charset=utf-8", true)]
    [InlineData("Application/JSON", true)]
    [InlineData("application/vnd.opensearch+json", true)]
    [InlineData("application/x-ndjson", false)]
    [InlineData("application/cbor", false)]
    [InlineData("text/plain", false)]
    [InlineData("application/x-www-form-urlencoded", false)]
    public void MediaTypes_JsonBody_AcceptsJsonAlone(string type, bool accepted)
    {
        if (accepted)
        {
            MediaTypes.Check(type, BodyRule.Required);
            return;
        }

        var e = Assert.Throws<ApiException>(() => MediaTypes.Check(type, BodyRule.Required));
        Assert.Equal($"Content-Type header [{type}] is not supported", e.Error.Reason);
        Assert.Equal(406, e.Error.Status);
    }

    [Fact]
    public void MediaTypes_Missing_IsNotAcceptable() => Assert.Equal(
        "Content-Type header is missing",
        Assert.Throws<ApiException>(() => MediaTypes.Check(null, BodyRule.Raw)).Error.Reason);
}
