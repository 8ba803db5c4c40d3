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

    private readonly bool _lowercase;
    private readonly CharacterClass _handled;
    private readonly char[] _ascii;

    public BertNormalizer(bool cleanText, bool handleChinese, bool stripAccents, bool lowercase)
    {
        _lowercase = lowercase;
        _handled =
            (cleanText ? CharacterClass.CleanRemoved | CharacterClass.CleanSpace : CharacterClass.None)
            | (handleChinese ? CharacterClass.Chinese : CharacterClass.None)
            | (stripAccents ? CharacterClass.NonspacingMark | CharacterClass.Decomposition : CharacterClass.None)
            | (lowercase ? CharacterClass.Lowercase : CharacterClass.None);
        _ascii = [.. Enumerable.Range(0, 128).Select(c => MapAscii((char)c))];
    }

    /// <inheritdoc/>
    public bool MayDropStart => true;

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<char> text, CharBuffer output)
    {
        for (var at = 0; at < text.Length;)
        {
            var unit = text[at];
            output.Source = at;
            if (unit >= 128)
            {
                at += AppendOther(text[at..], output);
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
        var work = CharacterTable.Of(c) & _handled;
        return work.Has(CharacterClass.CleanRemoved) ? Removed
            : work.Has(CharacterClass.CleanSpace) ? ' '
            : _lowercase ? char.ToLowerInvariant(c) : c;
    }

    // Appends one code point and tells its width.
    private int AppendOther(ReadOnlySpan<char> text, CharBuffer output)
    {
        Rune.DecodeFromUtf16(text, out var rune, out var width);
        var work = CharacterTable.Of(rune.Value) & _handled;
        if (work == CharacterClass.None)
        {
            output.Append(text[..width]);
        }
        else if (work.Has(CharacterClass.CleanSpace))
        {
            output.Append(' ');
        }
        else if (work.Has(CharacterClass.Chinese))
        {
            output.Append(' ');
            AppendFolded(rune, work, output);
            output.Append(' ');
        }
        else if (!work.Has(CharacterClass.CleanRemoved))
        {
            AppendFolded(rune, work, output);
        }

        return width;
    }

    private void AppendFolded(Rune rune, CharacterClass work, CharBuffer output)
    {
        if (work.Has(CharacterClass.Decomposition))
        {
            AppendStripped(rune, output);
        }
        else if (!work.Has(CharacterClass.NonspacingMark))
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
