using System.IO.Compression;
using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>Reads request bodies: bounded, decompressed, from the pool.</summary>
internal static class BodyIntake
{
    private const int FirstRead = 16 * 1024;
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
    /// <exception cref="ApiException">413 when it is larger than the limit,
    /// 400 when it is cut or badly packed.</exception>
    public static async ValueTask<PooledBuffer> ReadAsync(
        HttpRequest request, long maxBytes, CancellationToken cancelled)
    {
        if (request.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        var expected = request.ContentLength is { } length ? length + 1 : FirstRead;
        var buffer = new PooledBuffer((int)Math.Min(expected, MostRentedAtOnce));
        try
        {
            await FillAsync(buffer, Open(request), maxBytes, cancelled);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static async ValueTask FillAsync(
        PooledBuffer buffer, Stream body, long maxBytes, CancellationToken cancelled)
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

    private static ApiException TooLarge(long maxBytes) => ApiError.IllegalArgument(
        $"request body is larger than {maxBytes} bytes; send less in one request", 413).ToException();
}
