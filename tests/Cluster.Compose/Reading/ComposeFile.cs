using System.Text.Json.Nodes;

namespace MlCluster.Compose.Reading;

/// <summary>A <c>docker-compose.yml</c>: what it says, and nothing that it does not.</summary>
/// <param name="Folder">Where it lies; its relative paths begin here.</param>
/// <param name="Services">In the order of the file.</param>
internal sealed record ComposeFile(string Folder, IReadOnlyList<ComposeService> Services)
{
    private static readonly string[] TopLevel = ["services", "volumes", "name"];

    /// <summary>Reads the file; variables come from the environment, then from <c>.env</c> beside it.</summary>
    /// <exception cref="ComposeException">It is wrong, or asks for what this program does not carry out.</exception>
    public static ComposeFile Read(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var variables = DotEnv(Path.Combine(folder, ".env"));
        return Parse(
            File.ReadAllText(path),
            folder,
            name => Environment.GetEnvironmentVariable(name) ?? variables.GetValueOrDefault(name));
    }

    /// <inheritdoc cref="Read"/>
    internal static ComposeFile Parse(string text, string folder, Func<string, string?> variables)
    {
        var root = YamlTree.Parse(text, t => Interpolation.Fill(t, variables));
        var unknown = root.Select(p => p.Key).FirstOrDefault(
            k => !TopLevel.Contains(k, StringComparer.Ordinal) && !k.StartsWith("x-", StringComparison.Ordinal));
        if (unknown is not null)
        {
            throw new ComposeException($"[{unknown}] is not carried out");
        }

        var volumes = (root["volumes"] as JsonObject)?.Select(p => p.Key).ToHashSet(StringComparer.Ordinal) ?? [];
        var services = (root["services"] as JsonObject ?? throw new ComposeException("[services] is missing"))
            .Select(p => ServiceReader.Read(p.Key, p.Value as JsonObject ?? []))
            .ToArray();
        CheckNames(services, volumes);
        return new ComposeFile(folder, services);
    }

    private static void CheckNames(ComposeService[] services, HashSet<string> volumes)
    {
        var names = services.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var service in services)
        {
            if (service.DependsOn.Keys.FirstOrDefault(d => !names.Contains(d)) is { } missing)
            {
                throw new ComposeException($"services.{service.Name}.depends_on: there is no service [{missing}]");
            }

            if (service.Mounts.FirstOrDefault(m => !m.IsFolder && !volumes.Contains(m.Source)) is { } mount)
            {
                throw new ComposeException($"services.{service.Name}.volumes: [{mount.Source}] is not under volumes");
            }
        }
    }

    private static Dictionary<string, string> DotEnv(string path) =>
        (File.Exists(path) ? File.ReadAllLines(path) : [])
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && line[0] != '#' && line.Contains('=', StringComparison.Ordinal))
            .Select(line => line.Split('=', 2))
            .GroupBy(pair => pair[0].Trim(), pair => pair[1].Trim().Trim('"', '\''), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);
}
