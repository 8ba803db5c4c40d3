namespace MlCluster.Node.Hosting.Settings;

/// <summary>Writes HOCON.</summary>
internal static class HoconText
{
    /// <summary>The text in quotes, whatever it holds.</summary>
    public static string Quoted(string text) => '"' + text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal) + '"';
}
