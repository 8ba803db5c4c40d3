using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>What a client calls its request: echoed byte by byte, and told in logs and traces.</summary>
internal static class OpaqueId
{
    public const string Header = "X-Opaque-Id";

    /// <summary>Takes headers as bytes, as OpenSearch does: one that is no UTF-8 must not cost a client its answer.
    /// </summary>
    public static void TakeBytes(KestrelServerOptions server)
    {
        server.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        server.ResponseHeaderEncodingSelector = static name =>
            name.Equals(Header, StringComparison.OrdinalIgnoreCase) ? Encoding.Latin1 : null;
    }

    /// <summary>Echoes it; one with control characters is dropped.</summary>
    public static void Echo(HttpContext http)
    {
        if (http.Request.Headers.TryGetValue(Header, out var id) && id.ToString() is var text
            && text.All(static c => c is >= ' ' and not '\x7f'))
        {
            http.Response.Headers[Header] = text;
        }
    }

    /// <summary>What was echoed, for people to read; null: nothing.</summary>
    public static string? Read(HttpContext http)
    {
        if (http.Response.Headers[Header].ToString() is not { Length: > 0 } text)
        {
            return null;
        }

        var bytes = Encoding.Latin1.GetBytes(text);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : text;
    }
}
