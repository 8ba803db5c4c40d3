using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MlCluster.Node.Gateway.Interfaces;

/// <summary>
/// Bounds of a schema before anybody evaluates it: clients send schemas, and one that refers to itself, or to its parts
/// twice and these to theirs, takes the stack or hours of somebody who holds JSON against it.
/// </summary>
/// <remarks>
/// What looks like a reference counts as one wherever it stands, also in an example: whether a part is a schema is for
/// its reader to say, and it must never find a reference that was not measured.
/// </remarks>
internal sealed partial class SchemaBounds
{
    /// <summary>Longest text, in characters.</summary>
    public const int MostCharacters = 100_000;

    /// <summary>Values of its JSON, those behind a reference counted with each reference.</summary>
    public const int MostValues = 10_000;

    /// <summary>Levels of its JSON, those behind references among them.</summary>
    public const int MostLevels = 100;

    private readonly JsonElement _root;

    private SchemaBounds(JsonElement root) => _root = root;

    /// <summary>Values of its JSON, as far as they bound the work of one evaluation.</summary>
    public int Values { get; private set; }

    /// <summary>It may compare each element of an array with each other.</summary>
    public bool ComparesElements { get; private set; }

    /// <summary>Measures a schema.</summary>
    /// <exception cref="SchemaRefusedException">It is beyond a bound, or refers to what is not in it.</exception>
    public static SchemaBounds Of(JsonElement root)
    {
        var bounds = new SchemaBounds(root);
        bounds.Walk(root, 0);
        return bounds;
    }

    private void Walk(JsonElement value, int level)
    {
        if (++Values > MostValues)
        {
            throw Refuse($"is too large: with what its references repeat it has more than {MostValues} values");
        }

        if (level > MostLevels)
        {
            throw Refuse($"is nested more than {MostLevels} levels deep, or refers to itself");
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Look(member, level);
                    Walk(member.Value, level + 1);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Walk(item, level + 1);
                }

                break;
            case JsonValueKind.Number when !JsonNumbers.AreComparable(JsonMarshal.GetRawUtf8Value(value)):
                throw Refuse($"holds a number with {JsonNumbers.Limits}");
        }
    }

    private void Look(JsonProperty member, int level)
    {
        var isText = member.Value.ValueKind == JsonValueKind.String;
        switch (member.Name)
        {
            case "$ref" when isText:
                Walk(Find(member.Value.GetString()!), level + 1);
                break;
            case "$dynamicRef" or "$recursiveRef" or "$id" or "$anchor" or "$dynamicAnchor" or "$schema" when isText:
                throw Refuse($"holds [{member.Name}] in its inside: only references such as #/$defs/name are followed");
            case "patternProperties":
                // Its patterns are not ours to replace, and there are some that take years.
                throw new SchemaRefusedException(
                    "holds [patternProperties], which is not supported: propertyNames takes a pattern");
            case "uniqueItems":
                ComparesElements = true;
                break;
        }
    }

    // Nothing is ever fetched.
    private JsonElement Find(string reference)
    {
        var found = _root;
        foreach (var step in Steps(reference))
        {
            found = found.ValueKind switch
            {
                JsonValueKind.Object when found.TryGetProperty(step, out var member) => member,
                JsonValueKind.Array when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
                    && at < found.GetArrayLength() => found[at],
                _ => throw Refuse($"refers to [{reference}], which is not in it"),
            };
        }

        return found;
    }

    // No escapes: two readers could find two places in one of them.
    private static string[] Steps(string reference) => LocalReference().IsMatch(reference)
        ? reference.Split('/')[1..]
        : throw Refuse($"refers to [{reference}]: only references such as #/$defs/name are followed");

    private static SchemaRefusedException Refuse(FormattableString reason) =>
        new(reason.ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\A#(/[A-Za-z0-9_.$-]+)*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LocalReference();
}
