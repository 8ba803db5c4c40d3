using MlCluster.Inference.Archive.Onnx;
using MlCluster.Inference.Archive.Zip;
using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Archive;

/// <summary>
/// The zip that users upload: one model file, where the function has a model, its tokenizer, and whatever else lay
/// beside them.
/// </summary>
/// <remarks>Managed code alone: data nodes check archives without loading an engine.</remarks>
public static class ModelArchive
{
    private const string What = "Model archive";
    private const string ModelName = "model";
    private const int BufferBytes = 1 << 20;

    /// <summary>Checks a whole archive, its bytes included, without unpacking it anywhere.</summary>
    /// <param name="seekableZip">Read once at its end and then from front to back; memory stays at about 2 MiB.</param>
    /// <param name="limits">What it may cost.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <param name="needs">What it has to hold; null: a TorchScript model.</param>
    /// <exception cref="ModelFormatException">
    /// The archive cannot be served; the message begins with the contract's text.
    /// </exception>
    public static ArchiveContents Check(
        Stream seekableZip, ArchiveLimits limits, CancellationToken cancellationToken, ArchiveNeeds? needs = null)
    {
        var (directory, layout) = ReadLayout(seekableZip, limits, needs);
        ReadMembers(seekableZip, directory, (member, bytes) =>
        {
            if (member == layout.Tokenizer)
            {
                TokenizerJson.Check(bytes);
            }
            else if (member == layout.Idf && needs is { Model: false })
            {
                IdfTable.Read(bytes);
            }
            else if (member == layout.Model && ModelFormats.OfFile(member.Name) == ModelFormat.Onnx)
            {
                OnnxFile.Check(bytes, member.Name, OnnxLimits.Default, cancellationToken);
            }
            else if (Path.GetFileName(member.Name)
                .Equals(ServingProperties.FileName, StringComparison.OrdinalIgnoreCase))
            {
                ServingProperties.Check(bytes, member.Name);
            }
            else
            {
                Copy(bytes, Stream.Null, cancellationToken);
            }
        });
        return new ArchiveContents(
            layout.Model?.Name,
            layout.Model?.Bytes ?? 0,
            layout.Tokenizer.Name,
            layout.Tokenizer.Bytes,
            directory.Members.Sum(member => member.Bytes));
    }

    /// <summary>Tells what <see cref="Unpack"/> is going to write, from the archive's directory alone.</summary>
    /// <remarks>No member may be larger than it says there: unpacking holds each to it.</remarks>
    /// <param name="zipPath">The archive.</param>
    /// <param name="limits">What it may cost.</param>
    /// <param name="needs">What it has to hold; null: a TorchScript model.</param>
    /// <exception cref="ModelFormatException">The archive cannot be served.</exception>
    public static UnpackedSize Measure(string zipPath, ArchiveLimits limits, ArchiveNeeds? needs = null)
    {
        using var zip = new FileStream(zipPath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        var (_, layout) = ReadLayout(zip, limits, needs);
        var modelBytes = layout.Model?.Bytes ?? 0;
        return new UnpackedSize(modelBytes, modelBytes + layout.Tokenizer.Bytes + (layout.Idf?.Bytes ?? 0));
    }

    /// <summary>Unpacks the members that serve a model; the directory appears whole or not at all.</summary>
    /// <remarks>
    /// Until then the files lie in a sibling named <c>.NAME.GUID.tmp</c>; one that a killed process left behind may be
    /// deleted. An existing <paramref name="directory"/> is replaced.
    /// </remarks>
    /// <param name="zipPath">The archive, checked again while it is read.</param>
    /// <param name="directory">Where the files go.</param>
    /// <param name="limits">What it may cost.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <param name="needs">What it has to hold; null: a TorchScript model.</param>
    /// <exception cref="ModelFormatException">The archive cannot be served.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    public static UnpackedArchive Unpack(
        string zipPath,
        string directory,
        ArchiveLimits limits,
        CancellationToken cancellationToken,
        ArchiveNeeds? needs = null)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        var folder = Path.GetDirectoryName(target) ?? throw new ArgumentException("it is a root", nameof(directory));
        var staging = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        Directory.CreateDirectory(staging);
        try
        {
            UnpackInto(zipPath, staging, limits, needs, cancellationToken);
            Replace(staging, target);
        }
        finally
        {
            DeleteIfThere(staging);
        }

        return Files(target);
    }

    private static (ZipDirectory Directory, ArchiveLayout Layout) ReadLayout(
        Stream zip, ArchiveLimits limits, ArchiveNeeds? needs)
    {
        if (zip.Length >= limits.MaxArchiveBytes)
        {
            throw new ModelFormatException(
                $"Model file size exceeds the limit of {limits.MaxArchiveBytes >> 30}GB: {zip.Length}");
        }

        var directory = ZipDirectory.Read(zip, What, limits.MaxMembers);
        MemberRules.Check(directory.Members, zip.Length, limits);
        return (directory, ArchiveLayout.Find(directory.Members, limits, needs ?? new ArchiveNeeds()));
    }

    /// <summary>Hands over each member's bytes; size and CRC are checked where they are read to the end.</summary>
    private static void ReadMembers(Stream zip, ZipDirectory directory, Action<ZipMember, Stream> read)
    {
        using var window = new WindowStream(zip, BufferBytes);
        foreach (var (member, dataOffset) in ZipWalk.Members(window, directory, What))
        {
            using var bytes = new MemberStream(window, member, dataOffset, What);
            read(member, bytes);
        }
    }

    private static void UnpackInto(
        string zipPath, string staging, ArchiveLimits limits, ArchiveNeeds? needs, CancellationToken cancellation)
    {
        using var zip = new FileStream(zipPath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        var (directory, layout) = ReadLayout(zip, limits, needs);
        ReadMembers(zip, directory, (member, bytes) =>
        {
            var name = member == layout.Model ? ModelName + ModelFormats.OfFile(member.Name)!.Value.Extension()
                : member == layout.Tokenizer ? ArchiveLayout.TokenizerName
                : member == layout.Idf ? IdfTable.FileName
                : null;
            if (name is not null)
            {
                var file = Path.Combine(staging, name);
                using var output =
                    new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1);
                Copy(bytes, output, cancellation);
                output.Flush(flushToDisk: true);
            }
        });
        using var tokenizer = File.OpenRead(Path.Combine(staging, ArchiveLayout.TokenizerName));
        TokenizerJson.Check(tokenizer);
    }

    private static UnpackedArchive Files(string directory)
    {
        var models = Enum.GetValues<ModelFormat>()
            .Select(format => Path.Combine(directory, ModelName + format.Extension()));
        return new UnpackedArchive(
            models.FirstOrDefault(File.Exists), Path.Combine(directory, ArchiveLayout.TokenizerName));
    }

    private static void Copy(Stream from, Stream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 17];
        for (int read; (read = from.Read(buffer)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            to.Write(buffer.AsSpan(0, read));
        }
    }

    private static void Replace(string staging, string target)
    {
        var old = staging + ".old";
        if (Directory.Exists(target))
        {
            Directory.Move(target, old);
        }

        Directory.Move(staging, target);
        DeleteIfThere(old);
    }

    private static void DeleteIfThere(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
