using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Hosting;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

public sealed class ChunkHttpTests : IAsyncLifetime
{
    private readonly GatewayHost _host = new()
    {
        Hocon = "mlcluster.gateway { max-chunk-size = 1000, chunk-segment-size = 300b }",
    };

    private FakeCluster Cluster => _host.Cluster;

    private readonly List<byte> _taken = [];

    public Task InitializeAsync()
    {
        Cluster.Answer<PrepareChunk>(c => new ChunkWriterReady(c.ModelId, "akka://x/user/writer"));
        Cluster.Answer<ChunkSegment>(Take);
        return _host.InitializeAsync();
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    // As the writer does: its answer frees the segment's memory.
    private IModelReply Take(ChunkSegment segment)
    {
        _taken.AddRange(segment.Data.Span);
        return segment.Last
            ? new ChunkAccepted(segment.ModelId, segment.UploadId, segment.ChunkNumber)
            : new ChunkSegmentAcknowledged(
                segment.ModelId, segment.UploadId, segment.OffsetBytes + segment.Data.Length);
    }

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(300, 1, true)]
    [InlineData(301, 2, false)]
    [InlineData(1000, 4, true)]
    public async Task Upload_Chunk_TravelsInSegments(int size, int segments, bool chunkedEncoding)
    {
        var bytes = new byte[size];
        new Random(1).NextBytes(bytes);

        var (status, body) = await PostAsync("chunk/2", bytes, chunkedEncoding);

        Assert.Equal((200, """{"status":"Uploaded"}"""), (status, body));
        var sent = Cluster.Asked.OfType<ChunkSegment>().ToList();
        Assert.Equal(segments, sent.Count);
        Assert.Equal(bytes, _taken);
        Assert.Equal([.. Enumerable.Range(0, segments).Select(i => i * 300)], sent.Select(s => s.OffsetBytes));
        Assert.Equal([.. Enumerable.Range(1, segments).Select(i => i == segments)], sent.Select(s => s.Last));
        Assert.Single(sent.Select(s => s.UploadId).Distinct());
        Assert.All(sent, s => Assert.Equal(2, s.ChunkNumber));
        Assert.All(Cluster.Paths, p => Assert.Equal("akka://x/user/writer", p));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upload_TooBig_IsTooLargeAndNeverComplete(bool chunkedEncoding)
    {
        var (status, body) = await PostAsync("upload_chunk/0", new byte[1001], chunkedEncoding);

        Assert.Equal(413, status);
        Assert.StartsWith(
            "Chunk size exceeds 10MB", (string)JsonNode.Parse(body)!["error"]!["reason"]!, StringComparison.Ordinal);
        Assert.DoesNotContain(Cluster.Asked.OfType<ChunkSegment>(), s => s.Last);
    }

    [Theory]
    [InlineData("chunk/abc", "number_format_exception", "For input string: \"abc\"")]
    [InlineData("chunk/-1", "number_format_exception", "For input string: \"-1\"")]
    public async Task Upload_NumberThatIsNone_IsRefused(string path, string type, string reason)
    {
        var (status, body) = await PostAsync(path, new byte[1], false);

        Assert.Equal(400, status);
        Assert.Equal(
            (type, reason),
            ((string)JsonNode.Parse(body)!["error"]!["type"]!, (string)JsonNode.Parse(body)!["error"]!["reason"]!));
    }

    [Fact]
    public async Task Upload_Empty_IsRefused() => Assert.Equal(
        ("illegal_argument_exception", "Chunk size either 0 or null"),
        await _host.RefusedAsync(400, "POST", $"/_plugins/_ml/models/{Samples.Model}/chunk/0"));

    [Fact]
    public async Task Upload_NotLabelledJson_IsNotAcceptable()
    {
        using var content = new ByteArrayContent(new byte[1]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");

        using var answer = await _host.Http.PostAsync($"/_plugins/_ml/models/{Samples.Model}/chunk/0", content);

        Assert.Equal(HttpStatusCode.NotAcceptable, answer.StatusCode);
    }

    [Fact]
    public async Task Upload_RefusedByTheModel_SaysWhy()
    {
        Cluster.Answer<PrepareChunk>(c => new ModelRejected(
            c.ModelId, new ProtocolError(ErrorCode.IllegalArgument, "Chunk number exceeds total chunks")));

        var (status, body) = await PostAsync("chunk/7", new byte[1], false);

        Assert.Equal(400, status);
        Assert.Contains("Chunk number exceeds total chunks", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_SegmentIsLost_IsSentAgainAsTheSame()
    {
        var lost = 0;
        Cluster.Answer<ChunkSegment>(s => s.OffsetBytes == 300 && Interlocked.Increment(ref lost) == 1
            ? throw new ClusterUnavailableException("no answer")
            : Take(s));

        Assert.Equal(200, (await PostAsync("chunk/2", new byte[700], false)).Status);

        var sent = Cluster.Asked.OfType<ChunkSegment>().ToList();
        Assert.Equal([0, 300, 300, 600], sent.Select(s => s.OffsetBytes));
        Assert.Single(sent.Select(s => s.UploadId).Distinct());
        Assert.Equal(700, _taken.Count);
    }

    [Fact]
    public async Task Upload_OwnerMovedBeforeAnythingWasTaken_GoesToTheNewOne()
    {
        MoveAfter(offset: 0);

        Assert.Equal(200, (await PostAsync("chunk/2", new byte[700], false)).Status);

        Assert.Equal(["akka://x/user/writer", .. Enumerable.Repeat("akka://y/user/writer", 3)], Cluster.Paths);
    }

    [Fact]
    public async Task Upload_OwnerMovedInTheMiddle_IsToBeSentAgainAtOnce()
    {
        MoveAfter(offset: 300);

        var (status, body) = await PostAsync("chunk/2", new byte[700], false);

        Assert.Equal(503, status);
        Assert.Contains("send the chunk again", body, StringComparison.Ordinal);
        Assert.Equal(2, Cluster.Paths.Count);
    }

    [Fact]
    public async Task Upload_WriterStaysSilent_IsGivenUpWithinTheBudget()
    {
        var time = new FakeTimeProvider();
        var host = new GatewayHost { Time = time };
        await host.InitializeAsync();
        var attempts = 0;
        host.Cluster.Answer<PrepareChunk>(c => new ChunkWriterReady(c.ModelId, "akka://x/user/writer"));
        host.Cluster.Answer<ChunkSegment>(_ =>
        {
            attempts++;
            time.Advance(TimeSpan.FromSeconds(3));
            throw new ClusterUnavailableException("no answer");
        });

        var (_, reason) = await host.RefusedAsync(
            503, "POST", $"/_plugins/_ml/models/{Samples.Model}/chunk/0", "x");

        Assert.Equal("no answer", reason);
        Assert.Equal(12, attempts);
        await host.DisposeAsync();
    }

    // The old owner's node is gone from the segment at this offset on.
    private void MoveAfter(int offset)
    {
        Cluster.Answer<ChunkSegment>(s => s.OffsetBytes == offset && Cluster.Paths.Last() == "akka://x/user/writer"
            ? throw new ClusterUnavailableException("no answer")
            : Take(s));
        Cluster.Answer<PrepareChunk>(c => new ChunkWriterReady(
            c.ModelId, Cluster.Paths.IsEmpty ? "akka://x/user/writer" : "akka://y/user/writer"));
    }

    private async Task<(int Status, string Body)> PostAsync(string path, byte[] bytes, bool chunkedEncoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/_plugins/_ml/models/{Samples.Model}/{path}");
        request.Content = new ByteArrayContent(bytes);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = chunkedEncoding;
        using var answer = await _host.Http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
