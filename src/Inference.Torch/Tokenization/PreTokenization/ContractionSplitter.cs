using System.Text;
using MlCluster.Inference.Tokenization.Unicode;

namespace MlCluster.Inference.Tokenization.PreTokenization;

/// <summary>
/// GPT-2's words: English contractions; letters, numbers or others with the space before; white space.
/// </summary>
/// <remarks>
/// The pattern <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c> as one pass: its
/// look-ahead keeps .NET from matching it in linear time, and .NET's classes see halves of characters beyond U+FFFF.
/// </remarks>
internal static class ContractionSplitter
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    /// <summary>Cuts a text; every character is in some word.</summary>
    public static void Split(ReadOnlySpan<char> text, int offset, List<Word> output)
    {
        for (int at = 0, length; at < text.Length; at += length)
        {
            length = LengthOfWord(text[at..]);
            PreTokenizedText.AddTo(output, offset + at, length);
        }
    }

    private static int LengthOfWord(ReadOnlySpan<char> text)
    {
        if (text[0] == '\'' && LengthOfContraction(text) is var contraction && contraction > 0)
        {
            return contraction;
        }

        var start = text[0] == ' ' ? 1 : 0;
        if (start < text.Length && KindAt(text, start, out _) is var kind && kind != Kind.Space)
        {
            return EndOfRun(text, start, kind);
        }

        // The last white space before something else goes with that, or stands alone.
        var end = EndOfRun(text, 0, Kind.Space);
        return end == text.Length ? end : Math.Max(end - 1, 1);
    }

    private static int LengthOfContraction(ReadOnlySpan<char> text)
    {
        foreach (var contraction in Contractions)
        {
            if (text.StartsWith(contraction, StringComparison.Ordinal))
            {
                return contraction.Length;
            }
        }

        return 0;
    }

    private static int EndOfRun(ReadOnlySpan<char> text, int start, Kind kind)
    {
        while (start < text.Length && KindAt(text, start, out var width) == kind)
        {
            start += width;
        }

        return start;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, int at, out int width)
    {
        var unit = text[at];
        if (char.IsAscii(unit))
        {
            width = 1;
            return char.IsAsciiLetter(unit) ? Kind.Letter
                : char.IsAsciiDigit(unit) ? Kind.Number
                : unit is ' ' or (>= '\t' and <= '\r') ? Kind.Space : Kind.Other;
        }

        Rune.DecodeFromUtf16(text[at..], out var rune, out width);
        return Rune.IsLetter(rune) ? Kind.Letter
            : Rune.IsNumber(rune) ? Kind.Number
            : CharacterTable.Is(rune.Value, CharacterClass.WhiteSpace) ? Kind.Space : Kind.Other;
    }
}
