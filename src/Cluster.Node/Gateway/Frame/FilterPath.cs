using System.Text;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>The <c>filter_path</c> parameter: which parts of an answer are wanted and which are not.</summary>
/// <remarks>
/// Paths are dotted; <c>*</c> stands for any part of a name, <c>**</c> for any number of names, a leading
/// <c>-</c> leaves out, <c>\.</c> is a dot inside a name. Arrays are looked through.
/// </remarks>
internal sealed class FilterPath
{
    private FilterPath(PathMatch includes, PathMatch excludes) => (Includes, Excludes) = (includes, excludes);

    /// <summary>Paths to keep; not any: everything.</summary>
    public PathMatch Includes { get; }

    /// <summary>Paths to leave out.</summary>
    public PathMatch Excludes { get; }

    /// <summary>Reads the parameter; null when it says nothing.</summary>
    public static FilterPath? Parse(string? text)
    {
        var paths = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (paths.Length == 0)
        {
            return null;
        }

        var excludes = paths.Where(p => p[0] == '-').Select(p => SplitNames(p[1..]));
        var includes = paths.Where(p => p[0] != '-').Select(SplitNames);
        return new FilterPath(new PathMatch([.. includes]), new PathMatch([.. excludes]));
    }

    private static string[] SplitNames(string path)
    {
        var names = new List<string>();
        var name = new StringBuilder();
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '\\' && i + 1 < path.Length && path[i + 1] == '.')
            {
                name.Append(path[++i]);
            }
            else if (path[i] == '.')
            {
                names.Add(name.ToString());
                name.Clear();
            }
            else
            {
                name.Append(path[i]);
            }
        }

        names.Add(name.ToString());
        return [.. names];
    }
}

/// <summary>What is left of some paths after some names: immutable, one step a name.</summary>
internal sealed class PathMatch(IReadOnlyList<ArraySegment<string>> open, bool complete = false)
{
    private const string AnyDepth = "**";

    public PathMatch(string[][] paths)
        : this([.. paths.Select(p => new ArraySegment<string>(p))])
    {
    }

    /// <summary>True when no path can match below.</summary>
    public bool IsEmpty => !IsComplete && open.Count == 0;

    /// <summary>True when a path ended here: everything below belongs to it.</summary>
    public bool IsComplete { get; } = complete;

    /// <summary>Steps into a field.</summary>
    public PathMatch Into(string name)
    {
        var next = new List<ArraySegment<string>>();
        var ended = false;
        foreach (var path in open)
        {
            Step(path, name, next, ref ended);
        }

        return new PathMatch(next, ended);
    }

    private static void Step(ArraySegment<string> path, string name, List<ArraySegment<string>> next, ref bool ended)
    {
        if (path[0] == AnyDepth)
        {
            AddOnce(next, path);
            if (path.Count == 1)
            {
                ended = true;
            }
            else
            {
                Step(path[1..], name, next, ref ended);
            }
        }
        else if (Matches(path[0], name))
        {
            if (path.Count == 1)
            {
                ended = true;
            }
            else
            {
                AddOnce(next, path[1..]);
            }
        }
    }

    // Without this a path of many ** would double at every level.
    private static void AddOnce(List<ArraySegment<string>> paths, ArraySegment<string> path)
    {
        if (!paths.Contains(path))
        {
            paths.Add(path);
        }
    }

    /// <summary>Matches a name against a pattern with any number of <c>*</c>.</summary>
    internal static bool Matches(string pattern, string name)
    {
        int p = 0, n = 0, star = -1, resume = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, n);
            }
            else if (p < pattern.Length && pattern[p] == name[n])
            {
                (p, n) = (p + 1, n + 1);
            }
            else if (star >= 0)
            {
                (p, n) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
