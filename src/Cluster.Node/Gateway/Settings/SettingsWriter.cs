using System.Text.Json;
using MlCluster.Node.Domain.Settings;

namespace MlCluster.Node.Gateway.Settings;

/// <summary>Writes settings as OpenSearch does: values as texts, lists as arrays, nested by their dots or
/// flat.</summary>
internal static class SettingsWriter
{
    /// <summary>Writes one object.</summary>
    /// <param name="settings">Texts by dotted name.</param>
    public static void Write(
        Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string>> settings, bool isFlat)
    {
        json.WriteStartObject(name);
        if (isFlat)
        {
            foreach (var (key, value) in settings.OrderBy(s => s.Key, StringComparer.Ordinal))
            {
                WriteValue(json, key, key, value);
            }
        }
        else
        {
            WriteNested(json, [.. settings.Select(s => (s.Key.Split('.'), s))], depth: 0);
        }

        json.WriteEndObject();
    }

    private static void WriteNested(
        Utf8JsonWriter json, (string[] Parts, KeyValuePair<string, string> Setting)[] settings, int depth)
    {
        foreach (var group in settings.GroupBy(s => s.Parts[depth]).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            foreach (var (_, setting) in group.Where(s => s.Parts.Length == depth + 1))
            {
                WriteValue(json, group.Key, setting.Key, setting.Value);
            }

            if (group.Where(s => s.Parts.Length > depth + 1).ToArray() is { Length: > 0 } below)
            {
                json.WriteStartObject(group.Key);
                WriteNested(json, below, depth + 1);
                json.WriteEndObject();
            }
        }
    }

    private static void WriteValue(Utf8JsonWriter json, string label, string setting, string value)
    {
        if (SettingsCatalog.Find(setting) is not { IsList: true })
        {
            json.WriteString(label, value);
            return;
        }

        json.WriteStartArray(label);
        foreach (var text in ListSetting.Read(value))
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
