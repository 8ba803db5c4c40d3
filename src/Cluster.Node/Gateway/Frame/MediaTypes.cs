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

        if (!IsOneOf(rule == BodyRule.Raw ? Labels : Json, contentType))
        {
            throw ApiError.Short(406, $"Content-Type header [{contentType}] is not supported").ToException();
        }
    }

    /// <summary>Tells whether a type means JSON, whatever its parameters.</summary>
    public static bool IsJson(string contentType) => IsOneOf(Json, contentType);

    private static bool IsOneOf(string[] types, string contentType)
    {
        var semicolon = contentType.IndexOf(';', StringComparison.Ordinal);
        var type = (semicolon < 0 ? contentType : contentType[..semicolon]).Trim();
        return types.Contains(type, StringComparer.OrdinalIgnoreCase);
    }
}
