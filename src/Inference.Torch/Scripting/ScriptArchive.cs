using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace MlCluster.Inference.Scripting;

/// <summary>A TorchScript file as the zip that it is: managed reading alone, nothing in it runs.</summary>
internal sealed class ScriptArchive : IDisposable
{
    /// <summary>Changes when what <see cref="EntryMethods"/> writes changes.</summary>
    private const string PreparedSuffix = ".callable-v1";

    private const int LargestCodeFile = 64 << 20;

    private readonly string _path;
    private readonly ZipArchive _zip;
    private readonly string _codePath;

    private ScriptArchive(string path, ZipArchive zip)
    {
        _path = path;
        _zip = zip;
        var root = Root(zip);
        using var pickle = Entry($"{root}/data.pkl").Open();
        var className = TopLevelClass.Read(pickle);
        _codePath = $"{root}/code/{TopLevelClass.FileOf(className)}";
        Class = ClassCode.Find(className, ReadText(Entry(_codePath)));
    }

    /// <summary>The class of the top-level module.</summary>
    public ClassCode Class { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelFormatException">Not a TorchScript archive.</exception>
    /// <exception cref="InvalidDataException">Not a zip, or a damaged one.</exception>
    public static ScriptArchive Open(string path)
    {
        var zip = ZipFile.OpenRead(path);
        try
        {
            return new ScriptArchive(path, zip);
        }
        catch
        {
            zip.Dispose();
            throw;
        }
    }

    /// <summary>Gives the path of a copy whose top-level class has more methods; made once, then found again.</summary>
    /// <remarks>Renamed into place when complete, so a copy that is there is whole; its place is beside the file, whose
    /// content never changes.</remarks>
    /// <param name="methods">What is added.</param>
    /// <param name="inputs">Tensors that they take: copies differ by that.</param>
    /// <exception cref="ModelFormatException">The class already has a method of such a name.</exception>
    public string Prepare(string methods, int inputs)
    {
        if (Class.Mentions(EntryMethods.Plain))
        {
            throw new ModelFormatException($"the model's code uses the reserved name {EntryMethods.Plain}");
        }

        var prepared = _path + PreparedSuffix
            + (inputs == CallForm.FewestInputs ? "" : string.Create(CultureInfo.InvariantCulture, $"-{inputs}"));
        if (!File.Exists(prepared))
        {
            var temporary = $"{prepared}.{Guid.NewGuid():N}.tmp";
            try
            {
                Write(temporary, Class.With(methods));
                File.Move(temporary, prepared, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        }

        return prepared;
    }

    public void Dispose() => _zip.Dispose();

    /// <summary>
    /// libtorch reads tensors straight from stored entries; the map from code to source lines no longer holds.
    /// </summary>
    private void Write(string target, string code)
    {
        using var file = new FileStream(target, FileMode.CreateNew);
        using (var copy = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in _zip.Entries.Where(entry => entry.FullName != _codePath + ".debug_pkl"))
            {
                using var to = copy.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                using var from = entry.FullName == _codePath
                    ? new MemoryStream(Encoding.UTF8.GetBytes(code))
                    : entry.Open();
                from.CopyTo(to);
            }
        }

        file.Flush(flushToDisk: true);
    }

    private static string Root(ZipArchive zip)
    {
        var first = zip.Entries.Count > 0 ? zip.Entries[0].FullName : string.Empty;
        var slash = first.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            ? first[..slash]
            : throw new ModelFormatException("the model file is not a TorchScript archive: its entries have no folder");
    }

    private ZipArchiveEntry Entry(string name) => _zip.GetEntry(name)
        ?? throw new ModelFormatException($"the model file is not a TorchScript archive: it has no {name}");

    private static string ReadText(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        var text = new byte[Math.Min(entry.Length, LargestCodeFile + 1)];
        var length = content.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        return length <= LargestCodeFile
            ? Encoding.UTF8.GetString(text, 0, length)
            : throw new ModelFormatException($"{entry.FullName} is larger than {LargestCodeFile} bytes");
    }
}
