using Microsoft.AspNetCore.Http.Features;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>The request line's target: as sent, and taken apart.</summary>
/// <param name="Uri">Path and query as sent; error texts quote it.</param>
/// <param name="Path">Path as sent.</param>
/// <param name="Segments">Decoded segments of the path.</param>
/// <param name="Query">Query without its question mark, as sent.</param>
internal sealed record RequestTarget(string Uri, string Path, string[] Segments, string Query)
{
    /// <summary>Reads the target; segments are decoded after the split,
    /// so an encoded slash stays inside its segment.</summary>
    public static RequestTarget Of(HttpContext http)
    {
        var raw = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var uri = raw.StartsWith('/') ? raw : http.Request.Path.ToUriComponent() + http.Request.QueryString.Value;
        return Of(uri);
    }

    /// <summary>Reads a target in origin form.</summary>
    public static RequestTarget Of(string uri)
    {
        var question = uri.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? uri : uri[..question];
        var segments = RouteTable.SplitPath(path);
        for (var i = 0; i < segments.Length; i++)
        {
            segments[i] = Decode(segments[i]);
        }

        return new RequestTarget(uri, path, segments, question < 0 ? "" : uri[(question + 1)..]);
    }

    private static string Decode(string text) =>
        text.Contains('%', StringComparison.Ordinal) ? System.Uri.UnescapeDataString(text) : text;
}
