namespace MlCluster.Inference.Native;

/// <summary>Turns libtorch's error texts into one sentence that a user can act on.</summary>
internal static class TorchErrors
{
    private const int LongestMessage = 500;

    /// <summary>Text that follows the message in errors of C++ code.</summary>
    private static readonly string[] Trailers = ["\nException raised from ", "\nframe #", "\nC++ CapturedTraceback"];

    /// <summary>Text that comes before the message in errors of interpreted code.</summary>
    private static readonly string[] Leaders = ["RuntimeError: ", "torch.jit.Error: "];

    /// <summary>
    /// The root message of <paramref name="raw"/>, without tracebacks of either language, on one line.
    /// </summary>
    public static string Summarize(string raw)
    {
        var message = raw.AsSpan();
        foreach (var leader in Leaders)
        {
            var start = message.LastIndexOf(leader, StringComparison.Ordinal);
            message = start < 0 ? message : message[(start + leader.Length)..];
        }

        foreach (var trailer in Trailers)
        {
            var end = message.IndexOf(trailer, StringComparison.Ordinal);
            message = end < 0 ? message : message[..end];
        }

        var words = message.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var line = string.Join(' ', words);
        return line.Length <= LongestMessage ? line : string.Concat(line.AsSpan(0, LongestMessage), "…");
    }
}
