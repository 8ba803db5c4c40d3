namespace MlCluster.Inference.Onnx;

/// <summary>Turns ONNX Runtime's error texts into one line that a user can act on.</summary>
internal static class OnnxErrors
{
    private const int LongestMessage = 500;

    /// <summary>The text without the code in brackets before it, on one line.</summary>
    public static string Summarize(string raw)
    {
        var text = raw.AsSpan().Trim();
        if (text.StartsWith("[ErrorCode:", StringComparison.Ordinal) && text.IndexOf(']') is > 0 and var end)
        {
            text = text[(end + 1)..];
        }

        var line = string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestMessage ? line : string.Concat(line.AsSpan(0, LongestMessage), "…");
    }
}
