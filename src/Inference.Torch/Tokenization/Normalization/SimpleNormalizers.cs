using System.Text;
using System.Text.RegularExpressions;
using MlCluster.Inference.Tokenization.Unicode;

namespace MlCluster.Inference.Tokenization.Normalization;

/// <summary>Normalizers in a row.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<INormalizer> steps) : INormalizer
{
    /// <inheritdoc/>
    public bool MayDropStart => steps.Any(static s => s.MayDropStart);

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<char> text, CharBuffer output)
    {
        var (source, target) = (new CharBuffer(), new CharBuffer());
        source.Append(text);
        foreach (var step in steps)
        {
            target.Clear();
            step.Normalize(source.Span, target);
            (source, target) = (target, source);
        }

        output.Append(source.Span);
    }
}

/// <summary>Lower-cases each code point.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<char> text, CharBuffer output)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            CharacterTable.AppendLowercase(rune, output);
        }
    }
}

/// <summary>Drops combining marks; what is composed stays composed.</summary>
internal sealed class StripAccentsNormalizer : INormalizer
{
    /// <inheritdoc/>
    public bool MayDropStart => true;

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<char> text, CharBuffer output)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!CharacterTable.Is(rune.Value, CharacterClass.CombiningMark))
            {
                output.Append(rune);
            }
        }
    }
}

/// <summary>Removes white space at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    /// <inheritdoc/>
    public bool MayDropStart => left;

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<char> text, CharBuffer output)
    {
        var start = left ? WhiteSpace.CountAtStart(text) : 0;
        var rest = text[start..];
        output.Append(right ? rest[..^WhiteSpace.CountAtEnd(rest)] : rest);
    }
}

/// <summary>Puts a fixed text before anything that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<char> text, CharBuffer output)
    {
        if (!text.IsEmpty)
        {
            output.Append(prefix);
            output.Append(text);
        }
    }
}

/// <summary>Replaces each match with a fixed text.</summary>
internal sealed class ReplaceNormalizer(Regex pattern, string content) : INormalizer
{
    /// <inheritdoc/>
    public bool MayDropStart => content.Length == 0;

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<char> text, CharBuffer output)
    {
        var done = 0;
        foreach (var match in pattern.EnumerateMatches(text))
        {
            output.Append(text[done..match.Index]);
            output.Append(content);
            done = match.Index + match.Length;
        }

        output.Append(text[done..]);
    }
}

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
        while (text.IndexOf(Refused) is var at && at >= 0)
        {
            output.Append(text[..at].ToString().Normalize(form));
            output.Append(Refused);
            text = text[(at + 1)..];
        }

        output.Append(text.ToString().Normalize(form));
    }
}
