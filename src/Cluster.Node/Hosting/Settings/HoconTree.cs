using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace MlCluster.Node.Hosting.Settings;

/// <summary>Takes a configuration apart into its leaves.</summary>
internal static class HoconTree
{
    // A substitution that names nothing stands for a value that holds itself.
    private const int MaxDepth = 32;

    /// <summary>Every key with a value, with the whole of its path; an empty section has none.</summary>
    /// <exception cref="FormatException">A key has no value, or one that has no end.</exception>
    public static IEnumerable<(string Path, HoconValue Value)> Leaves(Config config) => Leaves("", config.Root, 0);

    /// <summary>True for a list, also for one without items, of which Akka's own property says that it is
    /// none.</summary>
    public static bool IsList(HoconValue value) => value.Values is [{ } only, ..] && only.IsArray();

    private static IEnumerable<(string Path, HoconValue Value)> Leaves(string path, HoconValue? value, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new FormatException("a substitution names no key of this file; the environment is not looked at");
        }

        if (value?.IsObject() == true)
        {
            return value.GetObject().Items
                .SelectMany(i => Leaves(path.Length == 0 ? i.Key : $"{path}.{i.Key}", i.Value, depth + 1));
        }

        if (path.Length == 0)
        {
            return [];
        }

        return value is { Values.Count: > 0 } ? [(path, value)] : throw new FormatException($"[{path}] has no value");
    }
}
