using System.Globalization;
using System.Security.Cryptography;
using MlCluster.Node.Data.Chunks;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Data.Uploads;

/// <summary>Takes chunks in, one at a time.</summary>
internal interface IChunkSink
{
    /// <summary>Ends when the chunk is durable; the lease is the sink's.</summary>
    Task StoreAsync(int number, ChunkBuffers.Lease lease, int lengthBytes, string sha256);
}

/// <summary>How fast a download has to be, and how big it may get.</summary>
/// <param name="Silence">Longest wait for a byte.</param>
/// <param name="Stall">Longest wait for a whole chunk.</param>
internal sealed record PumpLimits(long MaxBytes, TimeSpan Silence, TimeSpan Stall);

/// <summary>What came.</summary>
/// <param name="Sha256">Lower-case hex.</param>
internal sealed record Downloaded(long SizeBytes, string Sha256);

/// <summary>
/// Cuts a stream into chunks: the next one is read while the one before is being written, so two buffers are in use
/// whatever the size. A pump is for one stream.
/// </summary>
internal sealed class UploadPump(ChunkBuffers buffers, IChunkSink sink, PumpLimits limits, TimeProvider time)
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);

    private long _received;
    private long _told = time.GetTimestamp();

    /// <param name="content">What is read to its end.</param>
    /// <param name="progress">Told the bytes that have come: after each chunk, and in a slow one each second.</param>
    /// <exception cref="DownloadException">Cut off, too slow, too big.</exception>
    /// <exception cref="IOException">A chunk could not be written.</exception>
    public async Task<Downloaded> RunAsync(
        RemoteContent content, Action<long> progress, CancellationToken cancellationToken)
    {
        RefuseTooBig(content.LengthBytes ?? 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var previous = Task.CompletedTask;
        for (var number = 0; ; number++)
        {
            var lease = await buffers.RentAsync(cancellationToken);
            var length = await FillAsync(content, lease, progress, cancellationToken);
            await ReturnUnlessAsync(previous, lease);
            progress(_received);
            if (length == 0)
            {
                lease.Return();
                break;
            }

            hash.AppendData(lease.Array, 0, length);
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(lease.Array.AsSpan(0, length)));
            previous = sink.StoreAsync(number, lease, length, sha256);
        }

        RefuseCut(content);
        return new Downloaded(_received, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static async Task ReturnUnlessAsync(Task previous, ChunkBuffers.Lease lease)
    {
        try
        {
            await previous;
        }
        catch
        {
            lease.Return();
            throw;
        }
    }

    private async Task<int> FillAsync(
        RemoteContent content, ChunkBuffers.Lease lease, Action<long> progress, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var filled = 0;
        try
        {
            while (filled < lease.Array.Length)
            {
                var read = await ReadAsync(content, lease.Array.AsMemory(filled), cancellationToken);
                if (read == 0)
                {
                    break;
                }

                filled += read;
                _received += read;
                RefuseTooBig(_received);
                TellFromTimeToTime(progress);
                if (time.GetElapsedTime(began) > limits.Stall)
                {
                    throw new DownloadException(Text($"timeout after {(long)limits.Stall.TotalSeconds} seconds"));
                }
            }

            return filled;
        }
        catch
        {
            lease.Return();
            throw;
        }
    }

    private void TellFromTimeToTime(Action<long> progress)
    {
        if (time.GetElapsedTime(_told) >= TellEvery)
        {
            _told = time.GetTimestamp();
            progress(_received);
        }
    }

    private async Task<int> ReadAsync(
        RemoteContent content, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(limits.Silence, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            return await content.Stream.ReadAsync(buffer, both.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DownloadException(
                Text($"no byte came for {(long)limits.Silence.TotalSeconds} seconds, after {_received} bytes"), e);
        }
        catch (IOException e)
        {
            throw new DownloadException(Cut(content), e);
        }
    }

    private void RefuseTooBig(long sizeBytes)
    {
        if (sizeBytes > limits.MaxBytes)
        {
            throw new DownloadException(ContentRules.TooBig(sizeBytes, limits.MaxBytes));
        }
    }

    private void RefuseCut(RemoteContent content)
    {
        if (content.LengthBytes is { } announced && announced != _received)
        {
            throw new DownloadException(Cut(content));
        }
    }

    private string Cut(RemoteContent content) => content.LengthBytes is { } announced
        ? Text($"the connection was cut after {_received} of {announced} bytes")
        : Text($"the connection was cut after {_received} bytes");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
