using Akka.TestKit.Xunit2;
using MlCluster.Node.Data;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Data.Uploads;
using MlCluster.Node.Domain.Uploads;
using MlCluster.Node.Telemetry;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain;

namespace MlCluster.Node.Tests.Data.Uploads;

public sealed class DownloadActorTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly UrlFetcher _fetcher = new(() => new UrlPolicy(new UploadOptions().TrustedUrl, true, []), Limit, Limit);
    private readonly ChunkBuffers _buffers = new(4, 2, 100);

    [Fact]
    public void Writer_EndsWithAChunkUnanswered_EndsTheDownloadToo()
    {
        using var server = new ScriptedServer(async (_, stream, stop) =>
        {
            await ScriptedServer.WriteOkAsync(stream, 500);
            await stream.WriteAsync(new byte[500], stop);
        });
        var (model, writer) = (CreateTestProbe("model"), CreateTestProbe("writer"));
        model.ChildActorOf(DownloadActor.Props(Setup(), Order(server), writer));
        writer.ExpectMsg<WriteChunk>(Limit);

        Sys.Stop(writer);

        var ended = (DownloadEnded)model.FishForMessage(m => m is DownloadEnded, Limit);
        Assert.StartsWith("the chunks could not be written", ended.Error, StringComparison.Ordinal);
        Assert.True(ended.MayBeginAgain);
    }

    [Fact]
    public void Writer_ChunkRefused_OnlyAJournalThatFailsLetsItBeginAgain()
    {
        Assert.True(EndedBy(new ChunkUnwrittenException("no database")).MayBeginAgain);
        Assert.False(EndedBy(new IOException("no space left")).MayBeginAgain);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _fetcher.Dispose();
        _buffers.Dispose();
    }

    private DownloadEnded EndedBy(Exception refusal)
    {
        using var server = new ScriptedServer(async (_, stream, stop) =>
        {
            await ScriptedServer.WriteOkAsync(stream, 500);
            await stream.WriteAsync(new byte[500], stop);
        });
        var (model, writer) = (CreateTestProbe(), CreateTestProbe());
        model.ChildActorOf(DownloadActor.Props(Setup(), Order(server), writer));
        writer.ExpectMsg<WriteChunk>(Limit).Done.SetException(refusal);

        var ended = (DownloadEnded)model.FishForMessage(m => m is DownloadEnded, Limit);
        Assert.Equal(refusal.Message, ended.Error);
        return ended;
    }

    private static DownloadOrder Order(ScriptedServer server) => new(server.Url("/a.zip"), Some.Spec, Sha256: null);

    private DownloadSetup Setup() => new(
        _fetcher, _buffers, new UploadSlots(() => 1), new PumpLimits(10_000, Limit, Limit), TimeProvider.System)
    {
        Running = new RunningCount(),
    };
}
