using System.Text;
using System.Text.RegularExpressions;

namespace MlCluster.Inference.Tests.Rehearsing.Effects;

/// <summary>The schemas of aten's operators, as they stand in the libtorch that is shipped.</summary>
internal static partial class OperatorSchemas
{
    private const int LongestSchema = 4000;
    private const int BlockBytes = 32 << 20;

    private static ReadOnlySpan<byte> Arrow => ") -> "u8;

    /// <summary>Reads them out of the native library.</summary>
    public static List<OperatorSchema> OfLibrary(string path)
    {
        using var file = File.OpenRead(path);
        var texts = new HashSet<string>(StringComparer.Ordinal);
        var block = new byte[BlockBytes];
        var kept = 0;
        for (int read; (read = file.ReadAtLeast(block.AsSpan(kept), block.Length - kept, false)) > 0;)
        {
            var filled = block.AsSpan(0, kept + read);
            TakeTexts(filled, texts);

            // A schema that the end of the block cuts is read again, whole, at the start of the next.
            kept = Math.Min(2 * LongestSchema, filled.Length);
            filled[^kept..].CopyTo(block);
        }

        return [.. texts.Select(Parse).OfType<OperatorSchema>()];
    }

    private static void TakeTexts(ReadOnlySpan<byte> bytes, HashSet<string> texts)
    {
        for (var at = 0; bytes[at..].IndexOf(Arrow) is var found && found >= 0;)
        {
            var first = at + found;
            while (first > 0 && IsText(bytes[first - 1]) && at + found - first < LongestSchema)
            {
                first--;
            }

            var end = at + found + Arrow.Length;
            while (end < bytes.Length && IsText(bytes[end]) && end - first < LongestSchema)
            {
                end++;
            }

            texts.Add(Encoding.ASCII.GetString(bytes[first..end]));
            at = end;
        }
    }

    private static bool IsText(byte value) => value is >= 32 and < 127;

    private static OperatorSchema? Parse(string text)
    {
        var schema = Schema().Match(text);
        return schema.Success
            ? new OperatorSchema(
                schema.Groups["name"].Value, Parts(schema.Groups["arguments"].Value), schema.Groups["result"].Value)
            : null;
    }

    private static List<string> Parts(string arguments)
    {
        var parts = new List<string> { string.Empty };
        var depth = 0;
        foreach (var c in arguments)
        {
            depth += c is '(' or '[' ? 1 : c is ')' or ']' ? -1 : 0;
            if (c == ',' && depth == 0)
            {
                parts.Add(string.Empty);
            }
            else
            {
                parts[^1] += c;
            }
        }

        return parts.ConvertAll(part => part.Trim());
    }

    [GeneratedRegex(
        @"^(aten::)?(?<name>\w+)(\.\w+)?\((?<arguments>.*)\) -> (?<result>[\w(), \[\]?*!|]+)$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Schema();
}

/// <param name="Arguments">Such as <c>Tensor(a!) self</c>; a star before those that are named in calls.</param>
internal sealed record OperatorSchema(string Name, IReadOnlyList<string> Arguments, string Result)
{
    private static readonly Regex Alias =
        new(@"\((\w(\|\w)*|\*)\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    /// <summary>True: the result is marked as an alias of an argument, or of an element of one.</summary>
    public bool GivesAlias => Alias.IsMatch(Result) && !Result.Contains('!');

    /// <summary>Places of the arguments that are marked as written.</summary>
    public IEnumerable<int> Written => Enumerable.Range(0, Arguments.Count)
        .Where(place => Arguments[place].Contains("!)", StringComparison.Ordinal));

    /// <summary>An argument's name in a call; null: it is told by its place.</summary>
    public string? NameAt(int place) =>
        Arguments.Take(place).Contains("*") ? Arguments[place].Split(' ')[^1].Split('=')[0] : null;
}
