using MlCluster.Node.Data;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Data.Uploads;
using MlCluster.Node.Domain.Uploads;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Data.Uploads;

/// <summary>One download at a time, into memory; a folder that <c>file:</c> may read.</summary>
public abstract class DownloadKit : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private protected TempFolder Files { get; } = new();
    private protected ChunkBuffers Buffers { get; } = new(2, 2, 1_000);
    private protected CollectingSink Sink { get; } = new();

    public void Dispose()
    {
        Files.Dispose();
        Buffers.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static ScriptedServer Serving(byte[] bytes, long announced) => new(async (_, stream, stop) =>
    {
        await ScriptedServer.WriteOkAsync(stream, announced);
        await stream.WriteAsync(bytes, stop);
    });

    private protected async Task<string> FailureAsync(
        string url,
        TimeSpan? silence = null,
        TimeSpan? stall = null,
        bool allowPrivate = true,
        Action<long>? progress = null)
    {
        var download = () => DownloadAsync(url, silence, stall, allowPrivate, progress);
        return (await Assert.ThrowsAsync<DownloadException>(download)).Message;
    }

    private protected async Task<Downloaded> DownloadAsync(
        string url,
        TimeSpan? silence = null,
        TimeSpan? stall = null,
        bool allowPrivate = true,
        Action<long>? progress = null)
    {
        var policy = new UrlPolicy(new UploadOptions().TrustedUrl, allowPrivate, [RealPath.Resolve(Files.FullName)]);
        using var fetcher = new UrlFetcher(() => policy, Patience, silence ?? Patience);
        using var deadline = new CancellationTokenSource(2 * Patience);
        await using var content = await fetcher.OpenAsync(url, deadline.Token);
        var limits = new PumpLimits(10_000, silence ?? Patience, stall ?? Patience);
        var pump = new UploadPump(Buffers, Sink, limits, TimeProvider.System);
        return await pump.RunAsync(content, progress ?? (_ => { }), deadline.Token);
    }
}
