namespace MlCluster.Node.Data.Uploads;

/// <summary>Where a path really leads.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>An absolute path without a symbolic link in any of its parts.</summary>
    /// <exception cref="IOException">Too many links, as in a loop.</exception>
    public static string Resolve(string path)
    {
        var pending = new Stack<string>(Parts(Path.GetFullPath(path)));
        var resolved = Path.DirectorySeparatorChar.ToString();
        var links = 0;
        while (pending.TryPop(out var part))
        {
            var next = Path.GetFullPath(Path.Combine(resolved, part));
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException($"{path} has too many symbolic links");
            }

            foreach (var step in Parts(Path.GetFullPath(target, resolved)))
            {
                pending.Push(step);
            }

            resolved = Path.DirectorySeparatorChar.ToString();
        }

        return resolved;
    }

    // The last part first, so that a stack gives the first part first.
    private static IEnumerable<string> Parts(string path) =>
        path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse();
}
