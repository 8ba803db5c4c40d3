using MlCluster.Node.Gateway.Errors;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>Rules about the content type of a body (contract 1.2).</summary>
internal static class MediaTypes
{
    private static readonly string[] Json = ["application/json", "application/vnd.opensearch+json"];

    // OpenSearch takes a chunk's raw bytes under any label that it knows.
    private static readonly string[] Labels =
        [.. Json, "application/smile", "application/yaml", "application/cbor"];

    /// <summary>Throws 406 unless a body of this type may be sent.</summary>
    public static void Check(string? contentType, BodyRule rule)
    {
        if (string.IsNullOrEmpty(contentType))
        {
            throw ApiError.Short(406, "Content-Type header is missing").ToException();
        }

        var semicolon = contentType.IndexOf(';', StringComparison.Ordinal);
        var type = (semicolon < 0 ? contentType : contentType[..semicolon]).Trim();
        var accepted = rule == BodyRule.Raw ? Labels : Json;
        if (!accepted.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            throw ApiError.Short(406, $"Content-Type header [{contentType}] is not supported").ToException();
        }
    }
}
