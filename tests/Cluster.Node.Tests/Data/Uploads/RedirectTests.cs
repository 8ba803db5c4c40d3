using MlCluster.Node.Tests.Data.Support;

namespace MlCluster.Node.Tests.Data.Uploads;

/// <summary>Where a web server may lead a download.</summary>
public sealed class RedirectTests : DownloadKit
{
    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public async Task Download_Redirects_AreFollowedUpToFive(int redirects, bool arrives)
    {
        using var server = new ScriptedServer((path, stream, _) =>
        {
            var left = path[1] - '0';
            return ScriptedServer.WriteAsync(stream, left > 0
                ? $"HTTP/1.1 302 Found\nLocation: /{left - 1}\nContent-Length: 0\n\n"
                : "HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
        });

        if (arrives)
        {
            Assert.Equal(2, (await DownloadAsync(server.Url($"/{redirects}"))).SizeBytes);
        }
        else
        {
            var reason = await FailureAsync(server.Url($"/{redirects}"));
            Assert.EndsWith("more than 5 redirects", reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest", "link-local")]
    [InlineData("file:///etc/passwd", "a redirect to a file is not followed")]
    [InlineData("gopher://somewhere/", "trusted url regex")]
    public async Task Download_RedirectToWhatIsForbidden_IsRefused(string location, string reason)
    {
        Files.File("x");
        using var server = new ScriptedServer((_, stream, _) => ScriptedServer.WriteAsync(
            stream, $"HTTP/1.1 301 Moved Permanently\nLocation: {location}\nContent-Length: 0\n\n"));

        Assert.Contains(reason, await FailureAsync(server.Url("/a")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_NameOfAPrivateAddress_IsRefusedWhereForbidden()
    {
        using var server = Serving([], 0);
        var url = server.Url("/a").Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

        Assert.Contains(
            "allow-private-networks", await FailureAsync(url, allowPrivate: false), StringComparison.Ordinal);
        Assert.Equal(0, server.Requests);
    }
}
