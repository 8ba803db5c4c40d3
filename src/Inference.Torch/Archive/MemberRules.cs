using System.Text.RegularExpressions;
using MlCluster.Inference.Archive.Zip;

namespace MlCluster.Inference.Archive;

/// <summary>What each member and all together may be, judged by the directory alone.</summary>
internal static partial class MemberRules
{
    private static readonly HashSet<string> Executables = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jar", ".class", ".so", ".dylib", ".dll", ".exe", ".com", ".bat", ".cmd", ".msi", ".ps1", ".sh",
    };

    /// <summary>Refuses what no archive may hold.</summary>
    /// <exception cref="ModelFormatException">The first rule that is broken.</exception>
    public static void Check(IReadOnlyList<ZipMember> members, long archiveBytes, ArchiveLimits limits)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var total = 0L;
        foreach (var member in members)
        {
            CheckKind(member);
            CheckPacking(member, limits);
            if (!member.IsFolder && !names.Add(member.Name))
            {
                throw new ModelFormatException($"Model archive has two members named {member.Name}");
            }

            total = total > limits.MaxUnpackedBytes ? total : total + member.Bytes;
        }

        CheckTotal(total, archiveBytes, limits);
    }

    /// <summary>Tells whether a member is a resource fork that macOS adds to zips.</summary>
    public static bool IsMacOsJunk(string name) => name.StartsWith("__MACOSX/", StringComparison.Ordinal);

    private static void CheckKind(ZipMember member)
    {
        if (member.IsLink || member.IsSpecial)
        {
            throw new ModelFormatException(
                $"Model archive contains a {(member.IsLink ? "symbolic link" : "device or pipe")}: {member.Name}; "
                + "pack the file itself");
        }

        var file = Path.GetFileName(member.Name);
        if (Executables.Contains(Path.GetExtension(file)) || VersionedLibrary().IsMatch(file))
        {
            throw new ModelFormatException(
                $"Model archive contains a disallowed executable file: {member.Name}; leave it out");
        }
    }

    private static void CheckPacking(ZipMember member, ArchiveLimits limits)
    {
        if (member.IsEncrypted)
        {
            throw new ModelFormatException($"Model archive is encrypted: {member.Name}; pack it without a password");
        }

        if (member.Method is not (ZipMember.Stored or ZipMember.Deflated))
        {
            throw new ModelFormatException(
                $"Model archive uses compression method {member.Method} for {member.Name}; use deflate or none");
        }

        if (member.Method == ZipMember.Stored && member.Bytes != member.PackedBytes)
        {
            throw new ModelFormatException(
                $"Model archive has a directory that lies: {member.Name} is stored, yet its two sizes differ");
        }

        if (IsBomb(member.Bytes, member.PackedBytes, limits))
        {
            throw Bomb(member.Name, member.Bytes, member.PackedBytes, limits);
        }
    }

    private static void CheckTotal(long total, long archiveBytes, ArchiveLimits limits)
    {
        if (total > limits.MaxUnpackedBytes)
        {
            throw new ModelFormatException(
                $"Model archive unpacks to more than {limits.MaxUnpackedBytes} bytes, which is the limit");
        }

        if (IsBomb(total, archiveBytes, limits))
        {
            throw Bomb("the whole", total, archiveBytes, limits);
        }
    }

    private static bool IsBomb(long bytes, long packed, ArchiveLimits limits) =>
        bytes > limits.RatioFloorBytes && bytes / limits.MaxRatio > packed;

    private static ModelFormatException Bomb(string name, long bytes, long packed, ArchiveLimits limits) => new(
        $"Model archive looks like a zip bomb: {name} unpacks from {packed} to {bytes} bytes; "
        + $"the limit is {limits.MaxRatio}:1, pack with less compression");

    [GeneratedRegex(@"\.so(\.[0-9]+)+$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionedLibrary();
}
