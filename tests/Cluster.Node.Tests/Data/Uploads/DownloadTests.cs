using System.Diagnostics;
using System.Security.Cryptography;
using MlCluster.Node.Data;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Data.Uploads;
using MlCluster.Node.Domain.Uploads;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Data.Uploads;

/// <summary>Fetching and cutting into chunks, against a server that misbehaves.</summary>
public sealed class DownloadTests : IDisposable
{
    private readonly TempFolder _files = new();
    private readonly ChunkBuffers _buffers = new(2, 2, 1_000);
    private readonly CollectingSink _sink = new();

    public void Dispose()
    {
        _files.Dispose();
        _buffers.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(1_000)]
    [InlineData(1_001)]
    [InlineData(5_000)]
    public async Task Download_AnySize_ArrivesInChunksWithItsHash(int size)
    {
        var bytes = RandomNumberGenerator.GetBytes(size);
        using var server = Serving(bytes, bytes.Length);
        var progress = new List<long>();

        var downloaded = await DownloadAsync(server.Url("/a"), progress: progress.Add);

        Assert.Equal(new Downloaded(size, Convert.ToHexStringLower(SHA256.HashData(bytes))), downloaded);
        Assert.Equal(bytes, _sink.Content);
        Assert.All(_sink.Sizes.SkipLast(1), s => Assert.Equal(1_000, s));
        Assert.Equal(size, progress[^1]);
        // Both buffers are free again.
        Assert.NotNull(_buffers.TryRent());
        Assert.NotNull(_buffers.TryRent());
    }

    [Fact]
    public async Task Download_CutHalfWay_SaysAfterHowMuch()
    {
        using var server = Serving(new byte[2_500], announced: 5_000);

        Assert.Equal("the connection was cut after 2500 of 5000 bytes", await FailureAsync(server.Url("/a")));
    }

    [Fact]
    public async Task Download_Silent_EndsAndSaysSo()
    {
        using var server = new ScriptedServer(async (_, stream, stop) =>
        {
            await ScriptedServer.WriteOkAsync(stream, 5_000);
            await stream.WriteAsync(new byte[1_500], stop);
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        });

        var reason = await FailureAsync(server.Url("/a"), silence: TimeSpan.FromMilliseconds(300));

        Assert.Equal("no byte came for 0 seconds, after 1500 bytes", reason);
    }

    [Fact]
    public async Task Download_SlowerThanTheDeadline_TimesOut()
    {
        using var server = new ScriptedServer(async (_, stream, stop) =>
        {
            await ScriptedServer.WriteOkAsync(stream, 5_000);
            while (true)
            {
                await stream.WriteAsync(new byte[1], stop);
                await stream.FlushAsync(stop);
            }
        });

        Assert.Equal("timeout after 0 seconds", await FailureAsync(server.Url("/a"), stall: TimeSpan.Zero));
    }

    [Fact]
    public async Task Download_AnnouncedTooBig_EndsBeforeTheFirstByte()
    {
        using var server = Serving([], announced: 20_000);

        Assert.Equal("Model file size exceeds the limit of 4GB: 20000", await FailureAsync(server.Url("/a")));
    }

    [Fact]
    public async Task Download_NotAnnouncedAndTooBig_EndsAtTheLimit()
    {
        using var server = new ScriptedServer(async (_, stream, stop) =>
        {
            await ScriptedServer.WriteAsync(stream, "HTTP/1.1 200 OK\nConnection: close\n\n");
            await stream.WriteAsync(new byte[20_000], stop);
        });

        Assert.StartsWith(
            "Model file size exceeds the limit of 4GB", await FailureAsync(server.Url("/a")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_NotFound_NamesUrlAndStatus()
    {
        using var server = new ScriptedServer((_, stream, _) =>
            ScriptedServer.WriteAsync(stream, "HTTP/1.1 404 Not Found\nContent-Length: 0\n\n"));

        Assert.Equal(
            $"{server.Url("/a")}: the server answered 404 Not Found", await FailureAsync(server.Url("/a")));
    }

    [Fact]
    public async Task Download_NobodyListens_SaysSo()
    {
        string url;
        using (var server = Serving([], 0))
        {
            url = server.Url("/a");
        }

        Assert.Contains("refused", await FailureAsync(url), StringComparison.OrdinalIgnoreCase);
    }

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
            Assert.EndsWith("more than 5 redirects", await FailureAsync(server.Url($"/{redirects}")), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest", "link-local")]
    [InlineData("file:///etc/passwd", "a redirect to a file is not followed")]
    [InlineData("gopher://somewhere/", "trusted url regex")]
    public async Task Download_RedirectToWhatIsForbidden_IsRefused(string location, string reason)
    {
        _files.File("x");
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

    [Fact]
    public async Task Download_FileBelowTheFolder_Arrives()
    {
        var path = _files.File("deep/model.zip", "content");

        Assert.Equal(7, (await DownloadAsync("file://" + path)).SizeBytes);
    }

    [Fact]
    public async Task Download_FileOutside_IsRefusedThroughLinksAndDotsToo()
    {
        using var outside = new TempFolder();
        var secret = outside.File("secret");
        var link = Path.Combine(_files.FullName, "link");
        File.CreateSymbolicLink(link, secret);
        var folderLink = Path.Combine(_files.FullName, "folder");
        Directory.CreateSymbolicLink(folderLink, outside.FullName);

        foreach (var url in new[] { secret, link, $"{folderLink}/secret", $"{_files.FullName}/../{Path.GetFileName(outside.FullName)}/secret" })
        {
            Assert.Contains("is not below a folder of --allow-files", await FailureAsync("file://" + url), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Download_NoSuchFile_SaysSo() => Assert.Contains(
        "Could not find file", await FailureAsync($"file://{_files.FullName}/nothing.zip"), StringComparison.Ordinal);

    [Fact]
    public async Task Download_Pipe_IsRefusedInsteadOfWaitedFor()
    {
        var pipe = Path.Combine(_files.FullName, "pipe");
        using var made = Process.Start("mkfifo", [pipe]);
        await made.WaitForExitAsync();

        Assert.Contains("is not a regular file", await FailureAsync("file://" + pipe), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_ChunkCannotBeWritten_EndsWithThat()
    {
        using var server = Serving(new byte[5_000], 5_000);
        _sink.Fails = new IOException("disk on fire");

        Assert.Equal("disk on fire", (await Assert.ThrowsAsync<IOException>(() => DownloadAsync(server.Url("/a")))).Message);
    }

    [Fact]
    public void Resolve_LoopOfLinks_IsAnError()
    {
        var one = Path.Combine(_files.FullName, "one");
        var two = Path.Combine(_files.FullName, "two");
        File.CreateSymbolicLink(one, two);
        File.CreateSymbolicLink(two, one);

        Assert.Throws<IOException>(() => RealPath.Resolve(one));
    }

    private static ScriptedServer Serving(byte[] bytes, long announced) => new(async (_, stream, stop) =>
    {
        await ScriptedServer.WriteOkAsync(stream, announced);
        await stream.WriteAsync(bytes, stop);
    });

    private async Task<string> FailureAsync(
        string url, TimeSpan? silence = null, TimeSpan? stall = null, bool allowPrivate = true) =>
        (await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(url, silence, stall, allowPrivate))).Message;

    private async Task<Downloaded> DownloadAsync(
        string url,
        TimeSpan? silence = null,
        TimeSpan? stall = null,
        bool allowPrivate = true,
        Action<long>? progress = null)
    {
        var policy = new UrlPolicy(new UploadOptions().TrustedUrl, allowPrivate, [RealPath.Resolve(_files.FullName)]);
        using var fetcher = new UrlFetcher(policy, TimeSpan.FromSeconds(5), silence ?? TimeSpan.FromSeconds(10));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var content = await fetcher.OpenAsync(url, deadline.Token);
        var limits = new PumpLimits(10_000, silence ?? TimeSpan.FromSeconds(10), stall ?? TimeSpan.FromSeconds(10));
        var pump = new UploadPump(_buffers, _sink, limits, TimeProvider.System);
        return await pump.RunAsync(content, progress ?? (_ => { }), deadline.Token);
    }

    private sealed class CollectingSink : IChunkSink
    {
        private readonly MemoryStream _content = new();

        public Exception? Fails { get; set; }

        public List<int> Sizes { get; } = [];

        public byte[] Content => _content.ToArray();

        public async Task StoreAsync(int number, ChunkBuffers.Lease lease, int lengthBytes, string sha256)
        {
            // Like a journal it takes its time; the bytes are read after the next chunk began to come.
            await Task.Yield();
            Assert.Equal(Sizes.Count, number);
            Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(lease.Array.AsSpan(0, lengthBytes))));
            await _content.WriteAsync(lease.Array.AsMemory(0, lengthBytes));
            Sizes.Add(lengthBytes);
            lease.Return();
            if (Fails is not null)
            {
                throw Fails;
            }
        }
    }
}
