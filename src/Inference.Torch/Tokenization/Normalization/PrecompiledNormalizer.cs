using System.Globalization;
using System.Text;

namespace MlCluster.Inference.Tokenization.Normalization;

/// <summary>Replaces characters by a <see cref="CharsMap"/> as the reference does, not SentencePiece.</summary>
/// <remarks>
/// SentencePiece takes the longest entry at each place. The reference looks each grapheme of fewer than six bytes up,
/// lets the shortest entry it begins with stand for all of it, and goes by single characters only where there is none.
/// </remarks>
internal sealed class PrecompiledNormalizer : INormalizer
{
    private const int LongestGrapheme = 5;

    private readonly CharsMap _map;
    private readonly int[] _ascii;

    public PrecompiledNormalizer(CharsMap map)
    {
        _map = map;
        _ascii = [.. Enumerable.Range(0, 128).Select(c => map.Find([(byte)c]))];
    }

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<char> text, CharBuffer output)
    {
        output.Source = 0;
        for (int at = 0, width; at < text.Length; at += width)
        {
            var rest = text[at..];
            if (IsAlone(rest))
            {
                width = 1;
                Append(text, rest[..1], _ascii[rest[0]], output);
            }
            else
            {
                width = StringInfo.GetNextTextElementLength(rest);
                AppendGrapheme(text, rest[..width], output);
            }
        }
    }

    // ASCII joins nothing but what is not, and a line feed a carriage return.
    private static bool IsAlone(ReadOnlySpan<char> text) =>
        char.IsAscii(text[0])
        && (text.Length == 1 || (char.IsAscii(text[1]) && (text[0] != '\r' || text[1] != '\n')));

    private void AppendGrapheme(ReadOnlySpan<char> text, ReadOnlySpan<char> grapheme, CharBuffer output)
    {
        var whole = Find(grapheme);
        if (whole != CharsMap.None)
        {
            Append(text, grapheme, whole, output);
            return;
        }

        for (int at = 0, width; at < grapheme.Length; at += width)
        {
            Rune.DecodeFromUtf16(grapheme[at..], out _, out width);
            var character = grapheme.Slice(at, width);
            Append(text, character, Find(character), output);
        }
    }

    private int Find(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[3 * LongestGrapheme];
        if (text.Length > LongestGrapheme)
        {
            return CharsMap.None;
        }

        var count = Encoding.UTF8.GetBytes(text, bytes);
        return count > LongestGrapheme ? CharsMap.None : _map.Find(bytes[..count]);
    }

    private void Append(ReadOnlySpan<char> text, ReadOnlySpan<char> part, int replacement, CharBuffer output)
    {
        var start = output.Length;
        if (replacement == CharsMap.None)
        {
            output.Append(part);
        }
        else
        {
            _map.Append(replacement, output);
        }

        if (output.Traces)
        {
            Trace(text, start, part, output);
        }
    }

    // Each character stands for one that it replaces, those left over for the last. Where characters vanish before
    // anything was written, the reference does not count them, and all places after are off by as many.
    private static void Trace(ReadOnlySpan<char> text, int start, ReadOnlySpan<char> part, CharBuffer output)
    {
        var replaced = 0;
        foreach (var _ in part.EnumerateRunes())
        {
            replaced++;
        }

        var (next, last) = (output.Source, output.Source);
        for (int at = start, width; at < output.Length; at += width)
        {
            Rune.DecodeFromUtf16(output.Span[at..], out _, out width);
            if (replaced > 0)
            {
                (last, next) = (next, Next(text, next));
                replaced--;
            }

            output.Sources.Slice(at, width).Fill(last);
        }

        for (; replaced > 0 && output.Length > 0; replaced--)
        {
            next = Next(text, next);
        }

        output.Source = next;
    }

    private static int Next(ReadOnlySpan<char> text, int at)
    {
        Rune.DecodeFromUtf16(text[at..], out _, out var width);
        return at + width;
    }
}
