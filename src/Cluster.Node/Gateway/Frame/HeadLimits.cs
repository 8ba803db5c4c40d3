using Microsoft.AspNetCore.Server.Kestrel.Core;
using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>Limits of a request's head, refused in OpenSearch's words; the server's own refusal has no body.</summary>
internal static class HeadLimits
{
    /// <summary>Most that the limits may be.</summary>
    public const int MostBytes = 256 * 1024;

    // So much is read that what is too long can be told so; both fit the server's buffer of 1 MiB.
    private const int ReadBytes = 2 * MostBytes;

    // A header takes four bytes at least, so the limit on bytes is met first.
    private const int ReadHeaders = ReadBytes / 4;

    /// <summary>Lets the server read heads that are longer than the limits here.</summary>
    public static void Widen(KestrelServerLimits limits)
    {
        limits.MaxRequestLineSize = ReadBytes;
        limits.MaxRequestHeadersTotalSize = ReadBytes;
        limits.MaxRequestHeaderCount = ReadHeaders;
    }

    /// <summary>Throws when the request line or the headers are too long.</summary>
    /// <exception cref="ApiException">400.</exception>
    public static void Check(HttpRequest request, string uri, GatewayOptions options)
    {
        // Two spaces.
        if (request.Method.Length + uri.Length + request.Protocol.Length + 2 > options.MaxRequestLineBytes)
        {
            throw TooLong("line", $"An HTTP line is larger than {options.MaxRequestLineBytes} bytes.",
                "send ids and queries in a body where there is one, or raise mlcluster.gateway.max-request-line-size");
        }

        if (HeaderBytes(request.Headers) > options.MaxHeaderBytes)
        {
            throw TooLong("header", $"HTTP header is larger than {options.MaxHeaderBytes} bytes.",
                "send fewer or shorter headers, or raise mlcluster.gateway.max-header-size");
        }
    }

    private static ApiException TooLong(string part, string reason, string cure) =>
        new ApiError(400, $"too_long_http_{part}_exception", $"{reason} Shorten it: {cure}").ToException();

    // Name, colon and space, value, line end.
    private static long HeaderBytes(IHeaderDictionary headers)
    {
        long bytes = 0;
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                bytes += name.Length + 4 + (value?.Length ?? 0);
            }
        }

        return bytes;
    }
}
