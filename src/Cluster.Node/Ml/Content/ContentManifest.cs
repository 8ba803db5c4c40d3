using System.Text.Json;

namespace MlCluster.Node.Ml.Content;

/// <summary>What an unpacked folder holds: tells cheaply, without hashing again, that nobody has touched it.</summary>
/// <param name="ModelFile">Path of the model, relative to the folder; null: there is none.</param>
/// <param name="TokenizerFile">Path of <c>tokenizer.json</c>, relative to the folder.</param>
internal sealed record ContentManifest(string? ModelFile, string TokenizerFile, IReadOnlyList<ContentFile> Files)
{
    // Folders with a manifest of the first name were unpacked without idf.json: they are unpacked again.
    private const string FileName = "content-2.json";

    /// <summary>Lists what lies in a folder and writes the list into it.</summary>
    public static ContentManifest Write(string folder, string? modelFile, string tokenizerFile)
    {
        var manifest = new ContentManifest(
            modelFile is null ? null : Path.GetRelativePath(folder, modelFile),
            Path.GetRelativePath(folder, tokenizerFile),
            [
                .. new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
                    .Select(f => ContentFile.Of(folder, f)),
            ]);
        File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(manifest));
        return manifest;
    }

    /// <summary>Reads the list; null when it is missing or a listed file has changed since.</summary>
    public static ContentManifest? ReadIfIntact(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, FileName));
            var manifest = JsonSerializer.Deserialize<ContentManifest>(text);
            return manifest is not null && manifest.Files.All(f => f.IsIntact(folder)) ? manifest : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>One file as it was when it was unpacked.</summary>
internal sealed record ContentFile(string Path, long LengthBytes, long LastWriteTicks)
{
    public static ContentFile Of(string folder, FileInfo file) =>
        new(System.IO.Path.GetRelativePath(folder, file.FullName), file.Length, file.LastWriteTimeUtc.Ticks);

    public bool IsIntact(string folder)
    {
        var file = new FileInfo(System.IO.Path.Combine(folder, Path));
        return file.Exists && file.Length == LengthBytes && file.LastWriteTimeUtc.Ticks == LastWriteTicks;
    }
}
