using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MlCluster.Messages.Inference;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>A gateway holds so many bytes of bodies and no more.</summary>
public sealed class BodyMemoryHttpTests : IAsyncLifetime
{
    private const string Predict = "/_plugins/_ml/models/WWQI44MBbzI2oUKAvNUt/_predict";
    private const string Reason =
        "[in_flight_requests] Data too large, data for [<http_request>] would be [180000/0.2mb], which is larger than "
        + "the limit of [100000/0.1mb]; ";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _leave = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly GatewayHost _host = new()
    {
        Hocon = "mlcluster.gateway { max-body-size = 100000b\n max-bodies-size = 1b\n chunk-segment-size = 40000b }",
    };

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        _host.Cluster.Publish(Samples.Node(Samples.NodeA, Samples.Served));
        _host.Cluster.AnswerLater<PredictRequest>(async (request, _) =>
        {
            if (request.Texts[0].StartsWith("first", StringComparison.Ordinal))
            {
                _entered.TrySetResult();
                await _leave.Task.WaitAsync(Deadline, CancellationToken.None);
            }

            return Samples.Reply(request, _ => Samples.Floats("sentence_embedding", 1));
        });
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Body_BesideOneThatFillsTheRoom_IsRefusedUntilThatOneIsAnswered()
    {
        var first = PostAsync("first", 90_000);
        await _entered.Task.WaitAsync(Deadline);

        var (refused, text) = await PostAsync("second", 90_000);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        var error = JsonNode.Parse(text)!["error"]!;
        Assert.Equal("circuit_breaking_exception", (string?)error["type"]);
        Assert.StartsWith(Reason, (string?)error["reason"], StringComparison.Ordinal);
        Assert.Equal((180_000, 100_000), ((int)error["bytes_wanted"]!, (int)error["bytes_limit"]!));

        _leave.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).Answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("second", 90_000)).Answer.StatusCode);
    }

    [Fact]
    public async Task Body_OfUnknownLength_IsRefusedWhenItIsTooMuch()
    {
        var first = PostAsync("first", 90_000);
        await _entered.Task.WaitAsync(Deadline);

        Assert.Equal(
            HttpStatusCode.TooManyRequests, (await PostAsync("second", 90_000, chunked: true)).Answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("second", 5_000, chunked: true)).Answer.StatusCode);

        _leave.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).Answer.StatusCode);
    }

    [Fact]
    public async Task SmallBody_WhileTheRoomIsFull_GetsThrough()
    {
        var first = PostAsync("first", 90_000);
        await _entered.Task.WaitAsync(Deadline);

        Assert.Equal(HttpStatusCode.OK, (await PostAsync("second", 16_000)).Answer.StatusCode);

        _leave.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).Answer.StatusCode);
    }

    [Fact]
    public async Task Chunk_WhileTheRoomIsFull_IsRefusedBeforeItIsRead()
    {
        var first = PostAsync("first", 90_000);
        await _entered.Task.WaitAsync(Deadline);

        var answer = await _host.ExchangeAsync(
            "POST /_plugins/_ml/models/a/upload_chunk/0 HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Content-Length: 9000000\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 429 ", answer, StringComparison.Ordinal);
        Assert.Contains("would be [170000/0.2mb]", answer, StringComparison.Ordinal);
        _leave.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).Answer.StatusCode);
    }

    private async Task<(HttpResponseMessage Answer, string Text)> PostAsync(
        string word, int length, bool chunked = false)
    {
        const string Open = "{\"text_docs\":[\"";
        const string Close = "\"]}";
        var body = Open + word.PadRight(length - Open.Length - Close.Length) + Close;
        using var request = new HttpRequestMessage(HttpMethod.Post, Predict);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.TransferEncodingChunked = chunked;
        var answer = await _host.Http.SendAsync(request);
        return (answer, await answer.Content.ReadAsStringAsync());
    }
}
