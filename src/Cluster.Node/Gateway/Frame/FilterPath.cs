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
                Add(names, name.ToString());
                name.Clear();
            }
            else
            {
                name.Append(path[i]);
            }
        }

        Add(names, name.ToString());
        return [.. names];
    }

    // Several ** in a row mean what one means, and each would be a path of its own in every step.
    private static void Add(List<string> names, string name)
    {
        if (name != PathMatch.AnyDepth || names is not [.., PathMatch.AnyDepth])
        {
            names.Add(name);
        }
    }
}

/// <summary>What is left of some paths after some names: immutable, one step a name.</summary>
internal sealed class PathMatch(IReadOnlyCollection<ArraySegment<string>> open, bool complete = false)
{
    /// <summary>Stands for any number of names.</summary>
    internal const string AnyDepth = "**";

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
        // A set: otherwise a path of many ** would double at every level.
        var next = new HashSet<ArraySegment<string>>();
        var ended = false;
        foreach (var path in open)
        {
            Step(path, name, next, ref ended);
        }

        return new PathMatch(next, ended);
    }

    private static void Step(ArraySegment<string> path, string name, HashSet<ArraySegment<string>> next, ref bool ended)
    {
        if (path[0] == AnyDepth)
        {
            next.Add(path);
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
                next.Add(path[1..]);
            }
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
