using System.Security.Cryptography;
using MlCluster.Node.Data.Uploads;
using MlCluster.Node.Tests.Data.Support;

namespace MlCluster.Node.Tests.Data.Uploads;

/// <summary>Fetching and cutting into chunks, from a server that misbehaves.</summary>
public sealed class DownloadTests : DownloadKit
{
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
        Assert.Equal(bytes, Sink.Content);
        Assert.All(Sink.Sizes.SkipLast(1), s => Assert.Equal(1_000, s));
        Assert.Equal(size, progress[^1]);
        // Both buffers are free again.
        Assert.NotNull(Buffers.TryRent());
        Assert.NotNull(Buffers.TryRent());
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

        var reason = await FailureAsync(server.Url("/a"), silence: TimeSpan.FromSeconds(2));

        Assert.Equal("no byte came for 2 seconds, after 1500 bytes", reason);
    }

    [Fact]
    public async Task Download_SlowWithinAChunk_TellsItsBytesAllTheSame()
    {
        var told = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new ScriptedServer(async (_, stream, stop) =>
        {
            await ScriptedServer.WriteOkAsync(stream, 900);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            while (!told.Task.IsCompleted && await timer.WaitForNextTickAsync(stop))
            {
                await stream.WriteAsync(new byte[1], stop);
            }
        });

        await FailureAsync(server.Url("/a"), progress: bytes => told.TrySetResult(bytes));

        Assert.InRange(await told.Task, 1, 899);
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

        Assert.Equal(
            "Model file size exceeds the limit of 4GB: 20000; here mlcluster.data.uploads.max-model-size allows 10000 "
            + "bytes",
            await FailureAsync(server.Url("/a")));
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

    [Fact]
    public async Task Download_ChunkCannotBeWritten_EndsWithThat()
    {
        using var server = Serving(new byte[5_000], 5_000);
        Sink.Fails = new IOException("disk on fire");

        var e = await Assert.ThrowsAsync<IOException>(() => DownloadAsync(server.Url("/a")));

        Assert.Equal("disk on fire", e.Message);
    }
}
