using System.IO.Compression;

namespace MlCluster.Benchmarks;

/// <summary>
/// The real model and tokenizers that the benchmarks run; <c>MLCLUSTER_SHARED</c> names the folder of archives.
/// </summary>
internal static class Archive
{
    private const string Name = "all-MiniLM-L6-v2_torchscript_sentence-transformer.zip";

    /// <summary>One member's bytes.</summary>
    public static byte[] Read(string extension)
    {
        using var zip = ZipFile.OpenRead(Find("models", Name));
        using var member = zip.Entries
            .Single(entry => entry.FullName.EndsWith(extension, StringComparison.Ordinal)).Open();
        using var copy = new MemoryStream();
        member.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>The packed tokenizer.json of a folder of reference vectors.</summary>
    public static byte[] ReadTokenizer(string folder)
    {
        using var file = File.OpenRead(Find("fixtures", "tokenizers", folder, "tokenizer.json.gz"));
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var copy = new MemoryStream();
        unpacked.CopyTo(copy);
        return copy.ToArray();
    }

    private static string Find(params string[] parts)
    {
        var folder = Environment.GetEnvironmentVariable("MLCLUSTER_SHARED") is { Length: > 0 } named
            ? named
            : "../shared";
        var path = Path.GetFullPath(Path.Combine([folder, .. parts]));
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"the benchmarks need {path}; MLCLUSTER_SHARED names its folder");
    }
}
