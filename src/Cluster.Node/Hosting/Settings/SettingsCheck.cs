using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace MlCluster.Node.Hosting.Settings;

/// <summary>Holds an operator's file against our own: keys that nobody reads and values of the wrong kind.</summary>
internal static class SettingsCheck
{
    private const string Ours = "mlcluster";
    private static readonly string[] Roots = [Ours, "akka"];

    /// <summary>Says what is wrong with a file.</summary>
    /// <param name="file">The operator's configuration, without ours.</param>
    /// <param name="shipped">Our own files together.</param>
    /// <exception cref="FormatException">One line that names the key and the cure.</exception>
    public static void Check(Config file, Config shipped)
    {
        var known = HoconTree.Leaves(shipped).Where(l => IsOurs(l.Path))
            .ToDictionary(l => l.Path, l => l.Value, StringComparer.Ordinal);
        foreach (var (path, value) in HoconTree.Leaves(file))
        {
            if (IsOurs(path))
            {
                CheckOurs(path, value, known);
            }
            else
            {
                CheckRoot(path);
            }
        }
    }

    private static void CheckOurs(string path, HoconValue value, Dictionary<string, HoconValue> known)
    {
        // The options of the command line are checked where they are read, whatever their source.
        if (OptionTable.FileKeys.Contains(path))
        {
            return;
        }

        if (!known.TryGetValue(path, out var shipped))
        {
            throw Unknown(path, [.. known.Keys, .. OptionTable.FileKeys]);
        }

        var kind = SettingKind.Of(path, shipped);
        if (!kind.Fits(value))
        {
            throw new FormatException($"{path} [{Shown(value)}]: give {kind.Expected}");
        }
    }

    private static FormatException Unknown(string path, string[] known) =>
        Array.Find(known, k => k.StartsWith(path + ".", StringComparison.Ordinal)) is { } below
            ? new FormatException($"[{path}] is a section; give a value to a key in it, such as [{below}]")
            : new FormatException($"unknown key [{path}]; did you mean [{NearestName.Of(path, known)}]?");

    // Keys beside ours may serve as variables; one that is nearly ours is a mistake.
    private static void CheckRoot(string path)
    {
        var root = path.Split('.')[0];
        var meant = NearestName.Like(root, Roots).FirstOrDefault();
        if (meant is not null && meant != root)
        {
            throw new FormatException($"unknown key [{path}]; did you mean [{meant}{path[root.Length..]}]?");
        }
    }

    private static bool IsOurs(string path) =>
        path == Ours || path.StartsWith(Ours + ".", StringComparison.Ordinal);

    private static string Shown(HoconValue value) =>
        value.IsArray() ? string.Join(", ", value.GetArray().Select(v => v.GetString())) : value.GetString();
}
