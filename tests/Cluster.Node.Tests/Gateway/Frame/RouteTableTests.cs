using MlCluster.Node.Gateway.Frame;

namespace MlCluster.Node.Tests.Gateway.Frame;

public sealed class RouteTableTests
{
    private static readonly RouteTable Table = new(
    [
        Row("GET", "/models/{id}"), Row("DELETE", "/models/{id}"), Row("POST", "/models/meta"), Row("GET", "/"),
        Row("POST", "/models/{id}/chunk/{n}"),
    ]);

    [Theory]
    [InlineData("GET", "/models/x", "/models/{id}")]
    [InlineData("GET", "/models/meta", "/models/{id}")]
    [InlineData("POST", "/models/meta", "/models/meta")]
    [InlineData("POST", "/models/meta/", "/models/meta")]
    [InlineData("GET", "/", "/")]
    [InlineData("POST", "/models/a/chunk/0", "/models/{id}/chunk/{n}")]
    public void Find_KnownPathAndMethod_PicksTheMostLiteralRow(string method, string path, string template)
    {
        var match = Table.Find(method, RequestTarget.Of(path).Segments);

        Assert.Equal(template, match.Endpoint?.Path);
    }

    [Fact]
    public void Find_OtherMethod_TellsWhatIsAllowed()
    {
        var match = Table.Find("PUT", ["models", "meta"]);

        Assert.Null(match.Endpoint);
        Assert.Equal(["DELETE", "GET", "POST"], match.Allowed);
    }

    [Fact]
    public void Find_UnknownPath_AllowsNothing() => Assert.Empty(Table.Find("GET", ["nothing", "here"]).Allowed);

    [Fact]
    public void RequestTarget_EncodedSegments_AreDecodedAfterTheSplit()
    {
        var target = RequestTarget.Of("/models/a%2Fb%20c/?x=1");

        Assert.Equal(["models", "a/b c"], target.Segments);
        Assert.Equal("/models/a%2Fb%20c/", target.Path);
        Assert.Equal("x=1", target.Query);
    }

    private static ApiEndpoint Row(string method, string path) =>
        new(method, path, _ => throw new InvalidOperationException("not called"));
}
