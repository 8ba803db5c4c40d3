using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace MlCluster.Inference.Tokenization.Unicode;

/// <summary>Classes and mappings of code points as the reference library has them.</summary>
/// <remarks>
/// .NET's tables are newer: 138 code points differ in punctuation alone. Keeping our own also keeps BERT exact where
/// <c>InvariantGlobalization</c> turns <c>string.Normalize</c> into a silent no-op. Made by
/// <c>eng/generate-unicode-classes.py</c>.
/// </remarks>
internal static class CharacterTable
{
    private const int CodePoints = 0x110000;
    private const int PageSize = 256;
    private const int HangulFirst = 0xAC00;
    private const int HangulLast = 0xD7A3;

    private static readonly CharacterClass[] Classes;
    private static readonly ushort[] PageStarts;
    private static readonly FrozenDictionary<int, string> LowercaseMap;
    private static readonly FrozenDictionary<int, string> DecompositionMap;

    static CharacterTable()
    {
        var flat = new CharacterClass[CodePoints];
        var maps = new Dictionary<CharacterClass, Dictionary<int, string>>();
        foreach (var line in ReadLines())
        {
            var fields = line.Split(' ');
            var kind = Enum.Parse<CharacterClass>(fields[0]);
            var map = maps[kind] = [];
            foreach (var entry in fields.AsSpan(1))
            {
                AddEntry(entry, kind, flat, map);
            }
        }

        foreach (ref var syllable in flat.AsSpan(HangulFirst..(HangulLast + 1)))
        {
            syllable |= CharacterClass.Decomposition;
        }

        (Classes, PageStarts) = Fold(flat);
        LowercaseMap = maps[CharacterClass.Lowercase].ToFrozenDictionary();
        DecompositionMap = maps[CharacterClass.Decomposition].ToFrozenDictionary();
    }

    /// <summary>The classes of a code point.</summary>
    public static CharacterClass Of(int codePoint) =>
        Classes[PageStarts[codePoint / PageSize] * PageSize + codePoint % PageSize];

    /// <summary>True when the code point has one of the classes.</summary>
    public static bool Is(int codePoint, CharacterClass any) => Of(codePoint).Has(any);

    /// <summary>Appends the lower-case form; there is no final-sigma rule.</summary>
    public static void AppendLowercase(Rune rune, CharBuffer output)
    {
        if (Is(rune.Value, CharacterClass.Lowercase))
        {
            output.Append(LowercaseMap[rune.Value]);
        }
        else
        {
            output.Append(rune);
        }
    }

    /// <summary>Appends the canonical decomposition of one code point, without reordering marks.</summary>
    public static void AppendDecomposed(Rune rune, CharBuffer output)
    {
        if (rune.Value is >= HangulFirst and <= HangulLast)
        {
            AppendJamo(rune.Value - HangulFirst, output);
        }
        else if (Is(rune.Value, CharacterClass.Decomposition))
        {
            output.Append(DecompositionMap[rune.Value]);
        }
        else
        {
            output.Append(rune);
        }
    }

    // The Unicode Standard, section 3.12: 21 vowels, 28 trailing consonants of which the first is none.
    private static void AppendJamo(int syllable, CharBuffer output)
    {
        output.Append((char)(0x1100 + syllable / (21 * 28)));
        output.Append((char)(0x1161 + syllable / 28 % 21));
        if (syllable % 28 != 0)
        {
            output.Append((char)(0x11A7 + syllable % 28));
        }
    }

    private static IEnumerable<string> ReadLines()
    {
        const string name = "unicode-classes.txt";
        using var stream = typeof(CharacterTable).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the resource {name} is missing");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    // "from", "from-to", "from-to=first" or "from=a.b", all hexadecimal.
    private static void AddEntry(string entry, CharacterClass kind, CharacterClass[] flat, Dictionary<int, string> map)
    {
        var sides = entry.Split('=');
        var ends = sides[0].Split('-');
        var from = ParseHex(ends[0]);
        var to = ParseHex(ends[^1]);
        var targets = sides.Length == 1 ? null : sides[1].Split('.').Select(ParseHex).ToArray();
        for (var codePoint = from; codePoint <= to; codePoint++)
        {
            flat[codePoint] |= kind;
            if (targets is not null)
            {
                map[codePoint] = string.Concat(targets.Select(t => new Rune(t + codePoint - from).ToString()));
            }
        }
    }

    private static int ParseHex(string digits) =>
        int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static (CharacterClass[] Classes, ushort[] PageStarts) Fold(CharacterClass[] flat)
    {
        var pages = new List<CharacterClass>();
        var starts = new ushort[CodePoints / PageSize];
        var known = new Dictionary<string, ushort>(StringComparer.Ordinal);
        for (var page = 0; page < starts.Length; page++)
        {
            var content = flat.AsSpan(page * PageSize, PageSize);
            var key = new string(MemoryMarshal.Cast<CharacterClass, char>(content));
            if (!known.TryGetValue(key, out starts[page]))
            {
                known[key] = starts[page] = (ushort)(pages.Count / PageSize);
                pages.AddRange(content);
            }
        }

        return (pages.ToArray(), starts);
    }
}
