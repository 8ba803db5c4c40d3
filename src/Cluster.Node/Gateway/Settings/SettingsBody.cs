using System.Text.Json;
using MlCluster.Messages.Settings;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Json;

namespace MlCluster.Node.Gateway.Settings;

/// <summary>The body of <c>PUT /_cluster/settings</c>: names dotted, nested, or both.</summary>
internal static class SettingsBody
{
    // JsonPull has let pass what is deeper.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonSyntax.Options.MaxDepth };

    /// <exception cref="ApiException">400: not such a body, or nothing in it.</exception>
    public static ChangeSettings Parse(ReadOnlySpan<byte> body)
    {
        var read = new ChangeSettings([], []);
        var json = new JsonPull(body);
        json.BeginObject();
        while (json.NextField(out var name))
        {
            switch (name)
            {
                case "persistent":
                    read = read with { Persistent = Changes(json.RawObject()) };
                    break;
                case "transient":
                    read = read with { Transient = Changes(json.RawObject()) };
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return read.Persistent.Count + read.Transient.Count > 0
            ? read
            : throw ApiError.Validation("no settings to update").ToException();
    }

    private static List<SettingChange> Changes(string rawObject)
    {
        using var document = JsonDocument.Parse(rawObject, Options);
        var changes = new Dictionary<string, string?>(StringComparer.Ordinal);
        Flatten("", document.RootElement, changes);
        return [.. changes.Select(c => new SettingChange(c.Key, c.Value))];
    }

    private static void Flatten(string prefix, JsonElement parent, Dictionary<string, string?> changes)
    {
        foreach (var field in parent.EnumerateObject())
        {
            var name = prefix + field.Name;
            if (field.Value.ValueKind == JsonValueKind.Object)
            {
                Flatten(name + ".", field.Value, changes);
            }
            else if (!changes.TryAdd(name, ValueOf(name, field.Value)))
            {
                throw Unreadable($"duplicate settings key [{name}] found");
            }
        }
    }

    private static string? ValueOf(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Array => ListOf(name, value),
        _ => TextOf(value),
    };

    private static string ListOf(string name, JsonElement array)
    {
        string[] texts =
        [
            .. array.EnumerateArray().Select(e =>
                e.ValueKind is JsonValueKind.Null or JsonValueKind.Object or JsonValueKind.Array
                    ? throw Unreadable($"only value lists are allowed in serialized settings: [{name}]")
                    : TextOf(e)),
        ];
        return SettingsCatalog.Find(name) switch
        {
            { IsList: true } => ListSetting.Write(texts),
            // Names with commas between them are a list as well.
            TextSetting => string.Join(',', texts),
            // In OpenSearch's brackets this would be a pattern, for other URLs than those that were meant.
            PatternSetting => throw ApiError.IllegalArgument(
                $"Failed to parse value of {texts.Length} texts for setting [{name}]: give one text").ToException(),
            // The text that a list is in OpenSearch, and that no single value is.
            _ => $"[{string.Join(", ", texts)}]",
        };
    }

    private static string TextOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static ApiException Unreadable(string reason) => new ApiError(400, "parse_exception", reason).ToException();
}
