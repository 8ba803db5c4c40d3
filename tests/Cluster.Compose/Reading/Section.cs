using System.Text.Json.Nodes;

namespace MlCluster.Compose.Reading;

/// <summary>A mapping of the file with its path, so that each complaint names where.</summary>
internal sealed class Section(string path, JsonObject content)
{
    public string Path => path;

    public void Allow(params IReadOnlyCollection<string> keys)
    {
        if (content.Select(p => p.Key).FirstOrDefault(k => !keys.Contains(k, StringComparer.Ordinal)) is { } unknown)
        {
            throw new ComposeException($"{path}.{unknown} is not carried out");
        }
    }

    public string? Text(string key) => content[key] switch
    {
        null => null,
        JsonValue value => value.GetValue<string>(),
        _ => throw new ComposeException($"{path}.{key}: give one value"),
    };

    public T Read<T>(string key, Func<string, T> parse, T otherwise)
    {
        try
        {
            return Text(key) is { } text ? parse(text) : otherwise;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new ComposeException($"{path}.{key}: {e.Message}", e);
        }
    }

    /// <summary>A list of texts; a single text is split at blanks, as a shell would without quotes.</summary>
    public IReadOnlyList<string> List(string key) => content[key] switch
    {
        null => [],
        JsonArray list when list.All(n => n is JsonValue) => [.. list.Select(n => n!.GetValue<string>())],
        JsonValue value when value.GetValue<string>() is var text && text.IndexOfAny(['"', '\'']) < 0 =>
            text.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        _ => throw new ComposeException($"{path}.{key}: give a list of texts"),
    };

    /// <summary>A mapping, or a list of <c>NAME=value</c>.</summary>
    public IReadOnlyDictionary<string, string> Pairs(string key) => content[key] switch
    {
        JsonObject => Child(key)!.Values(),
        _ => List(key).Select(p => p.Split('=', 2))
            .ToDictionary(p => p[0], p => p.Length > 1 ? p[1] : "", StringComparer.Ordinal),
    };

    public Section? Child(string key) => content[key] switch
    {
        null => null,
        JsonObject child => new Section($"{path}.{key}", child),
        _ => throw new ComposeException($"{path}.{key}: give a mapping"),
    };

    public IReadOnlyDictionary<string, Section> Children() =>
        content.ToDictionary(
            p => p.Key, p => Child(p.Key) ?? new Section($"{path}.{p.Key}", []), StringComparer.Ordinal);

    private Dictionary<string, string> Values() =>
        content.ToDictionary(p => p.Key, p => Text(p.Key) ?? "", StringComparer.Ordinal);
}
