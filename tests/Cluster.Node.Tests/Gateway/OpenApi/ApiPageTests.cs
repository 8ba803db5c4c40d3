using System.Text.RegularExpressions;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.OpenApi;

/// <summary>The page beside the document: all of it comes from this process.</summary>
public sealed partial class ApiPageTests : IAsyncLifetime
{
    private readonly GatewayHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/openapi")]
    [InlineData("/openapi/")]
    [InlineData("/openapi/index.html")]
    public async Task Page_LoadsWhatItNeedsFromHere(string path)
    {
        using var answer = await _host.Http.GetAsync(path);
        var page = await answer.Content.ReadAsStringAsync();
        var address = answer.RequestMessage!.RequestUri!;

        Assert.True(answer.IsSuccessStatusCode, page);
        var parts = LinkPattern().Matches(page).Select(m => new Uri(address, m.Groups["url"].Value)).ToList();
        Assert.NotEmpty(parts);
        foreach (var part in parts)
        {
            Assert.Equal(_host.Http.BaseAddress!.Authority, part.Authority);
            using var loaded = await _host.Http.GetAsync(part);
            Assert.True(loaded.IsSuccessStatusCode, $"{part}: {loaded.StatusCode}");
        }
    }

    [Fact]
    public async Task Page_ShowsTheDocument()
    {
        var script = await _host.OkAsync("GET", "/openapi/index.js");

        Assert.Contains("../openapi.json", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BelowThePage_NothingThere_IsTheFramesAnswer()
    {
        var (status, body) = await _host.SendAsync("GET", "/openapi/nothing");

        Assert.Equal(400, status);
        Assert.Contains("no handler found", body, StringComparison.Ordinal);
    }

    [GeneratedRegex("(?:src|href)=\"(?<url>[^\"#]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkPattern();
}
