using System.Text.Json;

namespace MlCluster.Compose.Reading;

/// <summary>What a stage of the Dockerfile leaves for the start of a container.</summary>
/// <param name="Entrypoint">Program and arguments.</param>
/// <param name="Environment">Variables that every container has.</param>
/// <param name="Volumes">Paths that are a volume of each container's own unless one is named.</param>
/// <param name="Program">Where the build's output is copied to.</param>
internal sealed record ImageRecipe(
    IReadOnlyList<string> Entrypoint,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<string> Volumes,
    string Program)
{
    private static readonly ImageRecipe Empty = new([], new Dictionary<string, string>(), [], "");

    /// <exception cref="ComposeException">There is no such stage.</exception>
    public static ImageRecipe Parse(string dockerfile, string target)
    {
        var stages = new Dictionary<string, ImageRecipe>(StringComparer.Ordinal);
        var current = "";
        foreach (var words in Instructions(dockerfile))
        {
            current = words is ["FROM", _, "AS", var name] ? name : current;
            stages[current] = words is ["FROM", var parent, ..]
                ? stages.GetValueOrDefault(parent, Empty)
                : Apply(stages.GetValueOrDefault(current, Empty), words);
        }

        return stages.GetValueOrDefault(target)
            ?? throw new ComposeException($"Dockerfile: there is no stage [{target}]");
    }

    private static IEnumerable<string[]> Instructions(string dockerfile) =>
        dockerfile.Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static ImageRecipe Apply(ImageRecipe recipe, string[] words) => words switch
    {
        ["ENTRYPOINT", .. var json] => recipe with { Entrypoint = Json(json) },
        ["VOLUME", .. var json] => recipe with { Volumes = [.. recipe.Volumes, .. Json(json)] },
        ["COPY", var from, _, var to] when from.StartsWith("--from=", StringComparison.Ordinal) =>
            recipe with { Program = to },
        ["ENV", var pair] when pair.Split('=', 2) is [var name, var value] => recipe with
        {
            Environment = new Dictionary<string, string>(recipe.Environment, StringComparer.Ordinal) { [name] = value },
        },
        _ => recipe,
    };

    private static string[] Json(string[] words) => JsonSerializer.Deserialize<string[]>(string.Join(' ', words))!;
}
