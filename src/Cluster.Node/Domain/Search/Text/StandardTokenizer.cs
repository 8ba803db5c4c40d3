using System.Globalization;
using System.Text;

namespace MlCluster.Node.Domain.Search.Text;

/// <summary>Cuts a text into words as OpenSearch's <c>standard</c> analyzer does, in lower case.</summary>
/// <remarks>
/// Word boundaries of Unicode's annex 29, as far as they concern letters, digits and what may stand between them;
/// ideographs and hiragana are words of one character.
/// </remarks>
internal static class StandardTokenizer
{
    private const int LongestToken = 255;

    private enum Kind
    {
        Other,
        Letter,
        Digit,
        Katakana,
        Alone,
        Joiner,
        Extend,
        BetweenLetters,
        BetweenDigits,
        BetweenBoth,
    }

    /// <summary>The words, in their order.</summary>
    public static IReadOnlyList<string> Tokenize(string text)
    {
        var tokens = new List<string>();
        Rune[] runes = [.. text.EnumerateRunes()];
        for (var start = 0; start < runes.Length;)
        {
            var end = EndOf(runes, start);
            if (runes[start..end].Any(r => KindOf(r) is Kind.Letter or Kind.Digit or Kind.Katakana or Kind.Alone))
            {
                Add(tokens, string.Concat(runes[start..end]).ToLowerInvariant());
            }

            start = end;
        }

        return tokens;
    }

    private static void Add(List<string> tokens, string token) =>
        tokens.AddRange(token.Chunk(LongestToken).Select(part => new string(part)));

    private static int EndOf(Rune[] runes, int start)
    {
        var end = start + 1;
        var last = KindOf(runes[start]);
        while (end < runes.Length)
        {
            var next = KindOf(runes[end]);
            if (next == Kind.Extend && last != Kind.Other)
            {
                end++;
            }
            else if (Joins(last, next))
            {
                (last, end) = (next, end + 1);
            }
            else if (end + 1 < runes.Length && Bridges(last, next, KindOf(runes[end + 1])))
            {
                (last, end) = (KindOf(runes[end + 1]), end + 2);
            }
            else
            {
                break;
            }
        }

        return end;
    }

    private static bool Joins(Kind last, Kind next) => (last, next) switch
    {
        (Kind.Letter or Kind.Digit, Kind.Letter or Kind.Digit) => true,
        (Kind.Katakana, Kind.Katakana) => true,
        (Kind.Letter or Kind.Digit or Kind.Katakana or Kind.Joiner, Kind.Joiner) => true,
        (Kind.Joiner, Kind.Letter or Kind.Digit or Kind.Katakana) => true,
        _ => false,
    };

    private static bool Bridges(Kind last, Kind between, Kind next) => (last, next) switch
    {
        (Kind.Letter, Kind.Letter) => between is Kind.BetweenLetters or Kind.BetweenBoth,
        (Kind.Digit, Kind.Digit) => between is Kind.BetweenDigits or Kind.BetweenBoth,
        _ => false,
    };

    private static Kind KindOf(Rune rune) => rune.Value switch
    {
        '\'' or '.' or 0x2018 or 0x2019 or 0x2024 or 0xFE52 or 0xFF07 or 0xFF0E => Kind.BetweenBoth,
        ':' or 0xB7 or 0x387 or 0x5F4 or 0x2027 or 0xFE13 or 0xFE55 or 0xFF1A => Kind.BetweenLetters,
        ',' or ';' or 0x37E or 0x589 or 0x60C or 0x60D or 0x66C or 0x7F8 or 0x2044 => Kind.BetweenDigits,
        (>= 0x30A1 and <= 0x30FA) or (>= 0x30FC and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF)
            or (>= 0xFF66 and <= 0xFF9D) => Kind.Katakana,
        (>= 0x3041 and <= 0x309F) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
            or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFD) or 0x3005 or 0x3007 => Kind.Alone,
        _ => OfCategory(Rune.GetUnicodeCategory(rune)),
    };

    private static Kind OfCategory(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber =>
            Kind.Letter,
        UnicodeCategory.DecimalDigitNumber => Kind.Digit,
        UnicodeCategory.ConnectorPunctuation => Kind.Joiner,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format => Kind.Extend,
        _ => Kind.Other,
    };
}
