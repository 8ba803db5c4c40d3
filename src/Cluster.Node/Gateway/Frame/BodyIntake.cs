using System.IO.Compression;
using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>Reads request bodies: bounded, decompressed, from the pool.</summary>
internal static class BodyIntake
{
    private const int MostRentedAtOnce = 1 << 20;

    /// <summary>The body as a stream, decompressed; the caller counts.</summary>
    public static Stream Open(HttpRequest request) => request.Headers.ContentEncoding.ToString() switch
    {
        "" or "identity" => request.Body,
        "gzip" or "x-gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
        "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress),
        var other => throw ApiError.IllegalArgument(
            $"Content-Encoding [{other}] is not supported; send gzip, deflate or none").ToException(),
    };

    /// <summary>Reads all of it; the result is empty when there is none.</summary>
    /// <exception cref="ApiException">413 when it is larger than the limit, 429 when there is no room for it,
    /// 400 when it is cut or badly packed.</exception>
    /// <param name="lease">Accounts for it; to be held as long as the body.</param>
    public static async ValueTask<PooledBuffer> ReadAsync(
        HttpRequest request, long maxBytes, BodyLease lease, CancellationToken cancelled)
    {
        if (request.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        // Whoever says how much is coming is refused before it comes.
        lease.Cover(request.ContentLength ?? 0);
        var expected = request.ContentLength is { } length ? length + 1 : BodyMemory.FreeBytes;
        var buffer = new PooledBuffer((int)Math.Min(expected, MostRentedAtOnce));
        try
        {
            await FillAsync(buffer, Open(request), maxBytes, lease, cancelled);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static async ValueTask FillAsync(
        PooledBuffer buffer, Stream body, long maxBytes, BodyLease lease, CancellationToken cancelled)
    {
        while (true)
        {
            var read = await ReadSomeAsync(body, buffer.GetMemory(), cancelled);
            if (read == 0)
            {
                return;
            }

            buffer.Advance(read);
            if (buffer.Written.Length > maxBytes)
            {
                throw TooLarge(maxBytes);
            }

            lease.Cover(buffer.Written.Length);
        }
    }

    /// <summary>Reads what is there; bytes that are not what Content-Encoding says are the client's mistake.</summary>
    public static async ValueTask<int> ReadSomeAsync(Stream body, Memory<byte> into, CancellationToken cancelled)
    {
        try
        {
            return await body.ReadAsync(into, cancelled);
        }
        catch (Exception e) when (e is InvalidDataException || (body is GZipStream or ZLibStream && IsOfZlib(e)))
        {
            throw ApiError.IllegalArgument($"the body cannot be decompressed: {e.Message}").ToException(e);
        }
    }

    // Its own type is not public; it comes for bytes that ask for a dictionary.
    private static bool IsOfZlib(Exception e) => e is IOException and not BadHttpRequestException;

    private static ApiException TooLarge(long maxBytes) => TooLarge(
        $"request body is larger than {maxBytes} bytes; send less in one request");

    /// <summary>413, and the rest of the body is not waited for.</summary>
    public static ApiException TooLarge(string reason) =>
        (ApiError.IllegalArgument(reason, 413) with { ClosesConnection = true }).ToException();
}
