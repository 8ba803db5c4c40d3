using System.Globalization;
using System.Text;

namespace MlCluster.Inference.Tokenization.Normalization;

/// <summary>NFC, NFD, NFKC or NFKD by the platform's tables.</summary>
internal sealed class UnicodeFormNormalizer(NormalizationForm form) : INormalizer
{
    // string.Normalize throws on this noncharacter, which never combines with a neighbour.
    private const char Refused = '\uFFFE';

    /// <summary>
    /// False under <c>InvariantGlobalization</c>, where <c>string.Normalize</c> silently does nothing.
    /// </summary>
    public static bool IsSupported { get; } = "\u00E9".Normalize(NormalizationForm.FormD).Length == 2;

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<char> text, CharBuffer output)
    {
        for (int at = 0, length; at < text.Length; at += length)
        {
            output.Source = at;
            if (text[at] == Refused)
            {
                length = 1;
                output.Append(Refused);
                continue;
            }

            var rest = text[at..];
            var end = rest.IndexOf(Refused);
            length = output.Traces ? LengthOfCluster(rest) : end < 0 ? rest.Length : end;
            var part = rest[..length];
            var start = output.Length;
            output.Append(part.ToString().Normalize(form));
            if (output.Traces)
            {
                Trace(part, at, output.Sources[start..], output.Span[start..]);
            }
        }
    }

    // Platform normalization tells no places, so it is done piece by piece: a character and all that may combine with
    // it. Marks that change order keep the places of the order before.
    private static int LengthOfCluster(ReadOnlySpan<char> text)
    {
        Rune.DecodeFromUtf16(text, out _, out var length);
        while (length < text.Length && text[length] != Refused)
        {
            Rune.DecodeFromUtf16(text[length..], out var rune, out var width);
            if (!MayCombine(rune))
            {
                break;
            }

            length += width;
        }

        return length;
    }

    // Marks, and the vowels and final consonants of Korean.
    private static bool MayCombine(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.EnclosingMark
        || rune.Value is >= 0x1160 and <= 0x11FF;

    // One character after the other; those left over stand for the last.
    private void Trace(ReadOnlySpan<char> part, int source, Span<int> sources, ReadOnlySpan<char> result)
    {
        var place = 0;
        var left = 0;
        var last = source;
        for (int at = 0, width; at < result.Length; at += width)
        {
            Rune.DecodeFromUtf16(result[at..], out _, out width);
            if (left == 0 && place < part.Length)
            {
                last = source + place;
                Rune.DecodeFromUtf16(part[place..], out var from, out var step);
                place += step;
                left = from.ToString().Normalize(form).EnumerateRunes().Count();
            }

            left = Math.Max(0, left - 1);
            sources.Slice(at, width).Fill(last);
        }
    }
}
