using System.Text;

namespace MlCluster.Inference.Scripting;

/// <summary>Reads from <c>data.pkl</c> which class the archive's top-level module belongs to.</summary>
internal static class TopLevelClass
{
    private const int LongestName = 1024;

    /// <summary>The qualified name, from the first bytes of <c>data.pkl</c>.</summary>
    /// <remarks>
    /// torch writes the module first: protocol 2, then GLOBAL with module and class, each ending in a line feed.
    /// </remarks>
    /// <exception cref="ModelFormatException">It does not begin with a TorchScript class.</exception>
    public static string Read(Stream dataPickle)
    {
        var start = new byte[LongestName];
        var length = dataPickle.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        var text = Encoding.Latin1.GetString(start, 0, length);
        var lines = text.Split('\n', 3);
        return lines.Length == 3 && lines[0].StartsWith("\u0080\u0002c__torch__", StringComparison.Ordinal)
            ? $"{lines[0][3..]}.{lines[1]}"
            : throw new ModelFormatException("data.pkl does not begin with a TorchScript module");
    }

    /// <summary>The path below <c>code/</c> of the file that holds the class.</summary>
    public static string FileOf(string qualifiedName) =>
        qualifiedName[..qualifiedName.LastIndexOf('.')].Replace('.', '/') + ".py";
}
