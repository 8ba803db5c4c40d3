using System.Security.Cryptography;

namespace MlCluster.Inference.Native;

/// <summary>Keeps native libraries that were adapted at run time where no other user can change them.</summary>
internal static class NativeCache
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The user's cache folder for natives; null where there is no home.</summary>
    public static string? DefaultFolder
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return Path.IsPathRooted(cache) ? Path.Combine(cache, "mlcluster", "native")
                : Path.IsPathRooted(home) ? Path.Combine(home, ".cache", "mlcluster", "native")
                : null;
        }
    }

    /// <summary>Puts <paramref name="content"/> under a name that follows from it; gives the path.</summary>
    /// <remarks>
    /// Safe among processes that start at once: each writes a file of its own and renames it into place.
    /// </remarks>
    /// <exception cref="IOException">
    /// The folder cannot be written, or other users could change what is in it.
    /// </exception>
    public static string Store(string folder, string fileName, byte[] content)
    {
        var home = Path.Combine(Path.GetFullPath(folder), Convert.ToHexStringLower(SHA256.HashData(content))[..16]);
        Directory.CreateDirectory(home, OwnerOnly);
        RefuseIfOthersCanWrite(folder);
        RefuseIfOthersCanWrite(home);

        var target = Path.Combine(home, fileName);
        if (!Holds(target, content))
        {
            var temporary = Path.Combine(home, $".{Guid.NewGuid():N}.tmp");
            WriteNew(temporary, content);
            File.Move(temporary, target, overwrite: true);
        }

        return target;
    }

    /// <summary>Compared in full: a file cut short by a full disk would end the process when it is loaded.</summary>
    private static bool Holds(string path, byte[] content)
    {
        var file = new FileInfo(path);
        return file.Exists
            && file.LinkTarget is null
            && file.Length == content.Length
            && content.AsSpan().SequenceEqual(File.ReadAllBytes(path));
    }

    private static void WriteNew(string path, byte[] content)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        };
        using var file = new FileStream(path, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    private static void RefuseIfOthersCanWrite(string folder)
    {
        if ((File.GetUnixFileMode(folder) & OthersWrite) != UnixFileMode.None)
        {
            throw new IOException(
                $"{folder} can be written by other users; code is loaded from it: take the right away (chmod go-w) "
                + "or name another folder for native libraries");
        }
    }
}
