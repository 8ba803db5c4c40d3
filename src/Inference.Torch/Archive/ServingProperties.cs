namespace MlCluster.Inference.Archive;

/// <summary>Checks a <c>serving.properties</c>: other servers start the classes it names.</summary>
/// <remarks>Nothing here reads the file; archives stay as portable and as harmless as upstream wants them.</remarks>
internal static class ServingProperties
{
    public const string FileName = "serving.properties";
    private const int MaxBytes = 64 << 10;

    /// <summary>Refuses a file that names a class outside <c>ai.djl</c> (contract 11.2).</summary>
    /// <exception cref="ModelFormatException">It does, or it is too long to tell.</exception>
    public static void Check(Stream content, string name)
    {
        using var text = new StreamReader(content);
        var buffer = new char[MaxBytes];
        var length = text.ReadBlock(buffer);
        var harmless = length < MaxBytes && new string(buffer, 0, length).Split('\n').All(IsHarmless);
        if (!harmless)
        {
            throw new ModelFormatException(
                $"Model archive contains a disallowed executable file: {name}; it names classes outside ai.djl");
        }
    }

    private static bool IsHarmless(string line)
    {
        var pair = line.Trim().Split(['=', ':'], 2, StringSplitOptions.TrimEntries);
        var namesClass = pair.Length == 2
            && !line.StartsWith('#')
            && (pair[0].EndsWith("factory", StringComparison.OrdinalIgnoreCase)
                || pair[0].Contains("class", StringComparison.OrdinalIgnoreCase)
                || pair[0].Contains("translator", StringComparison.OrdinalIgnoreCase));
        return !namesClass || pair[1].StartsWith("ai.djl.", StringComparison.Ordinal);
    }
}
