namespace MlCluster.Node.Gateway.Frame;

/// <summary>HTTP methods as metrics and traces call them.</summary>
internal static class Methods
{
    private const string Other = "_OTHER";

    private static readonly string[] All =
        ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"];

    /// <summary>One of HTTP's own: labels must not grow with what clients send.</summary>
    public static string Known(string method) =>
        Array.IndexOf(All, method) is >= 0 and var at ? All[at] : Other;
}
