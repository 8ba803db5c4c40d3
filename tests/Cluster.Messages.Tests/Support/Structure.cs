using System.Collections;
using System.Globalization;
using System.Text;

namespace MlCluster.Messages.Tests.Support;

/// <summary>A value as text, member by member: records with lists compare by reference, texts compare by content.</summary>
internal static class Structure
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Write(text, value, "\n");
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value, string newLine)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string s:
                text.Append('"').Append(s).Append('"');
                break;
            case ReadOnlyMemory<byte> bytes:
                text.Append("0x").Append(Convert.ToHexString(bytes.Span));
                break;
            case IDictionary map:
                WriteItems(text, SortedEntries(map), newLine + "  ");
                break;
            case IEnumerable items:
                WriteItems(text, items, newLine + "  ");
                break;
            case IFormattable leaf when value.GetType().Namespace == nameof(System) || value is Enum:
                text.Append(leaf.ToString(null, CultureInfo.InvariantCulture));
                break;
            case bool flag:
                text.Append(flag);
                break;
            default:
                WriteMembers(text, value, newLine + "  ");
                break;
        }
    }

    private static IEnumerable<string> SortedEntries(IDictionary map) =>
        map.Keys.Cast<object>().Select(key => $"{key} = {Of(map[key])}").Order(StringComparer.Ordinal);

    private static void WriteItems(StringBuilder text, IEnumerable items, string newLine)
    {
        text.Append('[');
        foreach (var item in items)
        {
            text.Append(newLine);
            Write(text, item, newLine);
        }

        text.Append(']');
    }

    private static void WriteMembers(StringBuilder text, object value, string newLine)
    {
        text.Append(value.GetType().Name);
        foreach (var property in value.GetType().GetProperties())
        {
            text.Append(newLine).Append(property.Name).Append(": ");
            Write(text, property.GetValue(value), newLine);
        }
    }
}
