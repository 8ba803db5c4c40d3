using System.Globalization;

namespace MlCluster.Node.Ml.Rehearsal;

/// <summary>Reads what a rehearsal prints; a model may print without end, so only a bounded part is kept.</summary>
internal static class ChildOutput
{
    private const int KeptChars = 8192;

    /// <summary>
    /// Announced by the child on its first line: resident bytes of the runtime before it meets the model.
    /// </summary>
    public static string BaselineLine(long bytes) => bytes.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads the first line, then throws the rest away.</summary>
    public static async Task ReadBaselineAsync(StreamReader output, Action<long> found)
    {
        if (long.TryParse(await output.ReadLineAsync(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
        {
            found(bytes);
        }

        await ReadTailAsync(output);
    }

    /// <summary>Reads to the end and gives the last characters.</summary>
    public static async Task<string> ReadTailAsync(StreamReader output)
    {
        var buffer = new char[KeptChars];
        var tail = "";
        for (int read; (read = await output.ReadAsync(buffer)) > 0;)
        {
            tail += new string(buffer, 0, read);
            tail = tail[Math.Max(0, tail.Length - KeptChars)..];
        }

        return tail;
    }
}
