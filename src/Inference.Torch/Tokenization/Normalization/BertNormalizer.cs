using System.Text;
using MlCluster.Inference.Tokenization.Unicode;

namespace MlCluster.Inference.Tokenization.Normalization;

/// <summary>Cleans, sets Chinese characters apart, strips accents and lower-cases, one code point at a time.</summary>
/// <remarks>
/// The reference runs the four steps over the whole text one after the other. Each looks at single code points only
/// (marks are not reordered before they are dropped), so one pass gives the same text.
/// </remarks>
internal sealed class BertNormalizer : INormalizer
{
    private const char Removed = '\uFFFF';

    private readonly bool _cleanText;
    private readonly bool _handleChinese;
    private readonly bool _stripAccents;
    private readonly bool _lowercase;
    private readonly char[] _ascii;

    public BertNormalizer(bool cleanText, bool handleChinese, bool stripAccents, bool lowercase)
    {
        _cleanText = cleanText;
        _handleChinese = handleChinese;
        _stripAccents = stripAccents;
        _lowercase = lowercase;
        _ascii = [.. Enumerable.Range(0, 128).Select(c => MapAscii((char)c))];
    }

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<char> text, CharBuffer output)
    {
        for (var at = 0; at < text.Length;)
        {
            var unit = text[at];
            if (unit >= 128)
            {
                Rune.DecodeFromUtf16(text[at..], out var rune, out var width);
                AppendOther(rune, output);
                at += width;
                continue;
            }

            if (_ascii[unit] != Removed)
            {
                output.Append(_ascii[unit]);
            }

            at++;
        }
    }

    private char MapAscii(char c)
    {
        var classes = _cleanText ? CharacterTable.Of(c) : CharacterClass.None;
        return classes.Has(CharacterClass.CleanRemoved) ? Removed
            : classes.Has(CharacterClass.CleanSpace) ? ' '
            : _lowercase ? char.ToLowerInvariant(c) : c;
    }

    private void AppendOther(Rune rune, CharBuffer output)
    {
        var classes = CharacterTable.Of(rune.Value);
        if (_cleanText && classes.Has(CharacterClass.CleanRemoved | CharacterClass.CleanSpace))
        {
            if (classes.Has(CharacterClass.CleanSpace))
            {
                output.Append(' ');
            }
        }
        else if (_handleChinese && classes.Has(CharacterClass.Chinese))
        {
            output.Append(' ');
            AppendFolded(rune, output);
            output.Append(' ');
        }
        else
        {
            AppendFolded(rune, output);
        }
    }

    private void AppendFolded(Rune rune, CharBuffer output)
    {
        if (!_stripAccents)
        {
            AppendCased(rune, output);
        }
        else if (CharacterTable.IsComposed(rune))
        {
            AppendStripped(rune, output);
        }
        else if (!CharacterTable.Is(rune.Value, CharacterClass.NonspacingMark))
        {
            AppendCased(rune, output);
        }
    }

    private void AppendStripped(Rune rune, CharBuffer output)
    {
        var start = output.Length;
        CharacterTable.AppendDecomposed(rune, output);
        Span<char> decomposed = stackalloc char[output.Length - start];
        output.Span[start..].CopyTo(decomposed);
        output.Truncate(start);
        foreach (var part in decomposed.EnumerateRunes())
        {
            if (!CharacterTable.Is(part.Value, CharacterClass.NonspacingMark))
            {
                AppendCased(part, output);
            }
        }
    }

    private void AppendCased(Rune rune, CharBuffer output)
    {
        if (_lowercase)
        {
            CharacterTable.AppendLowercase(rune, output);
        }
        else
        {
            output.Append(rune);
        }
    }
}
