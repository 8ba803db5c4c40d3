namespace MlCluster.Inference.Archive.Zip;

/// <summary>Rules for names in a zip.</summary>
internal static class MemberName
{
    /// <summary>Gives the path with forward slashes and without <c>.</c> parts.</summary>
    /// <exception cref="ModelFormatException">
    /// The path is absolute, leaves the archive, or cannot be a file's name.
    /// </exception>
    public static string Normalize(string name, string what)
    {
        var path = name.Replace('\\', '/');
        if (path.Length == 0 || path.Any(char.IsControl))
        {
            throw new ModelFormatException($"{what} has a member whose name is empty or holds control characters");
        }

        var absolute = path[0] == '/' || (path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0]));
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToList();
        if (absolute || parts.Contains("..", StringComparer.Ordinal))
        {
            throw new ModelFormatException(
                $"{what} has a member that leaves the archive: {name}; names must be relative and without '..'");
        }

        return string.Join('/', parts) + (path.EndsWith('/') || parts.Count == 0 ? "/" : string.Empty);
    }
}
