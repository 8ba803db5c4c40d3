using System.Text.RegularExpressions;
using MlCluster.Inference.Tokenization.Unicode;

namespace MlCluster.Inference.Tokenization.Normalization;

/// <summary>Normalizers in a row.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<INormalizer> steps) : INormalizer
{
    /// <inheritdoc/>
    public bool MayDropStart => steps.Any(static s => s.MayDropStart);

    /// <inheritdoc/>
    public bool MayBacktrack => steps.Any(static s => s.MayBacktrack);

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<char> text, CharBuffer output)
    {
        var (source, target) = (Like(output), Like(output));
        source.AppendCopy(text, 0);
        foreach (var step in steps)
        {
            output.Deadline.Check();
            target.Clear();
            step.Normalize(source.Span, target);
            target.Follow(0, source.Sources);
            (source, target) = (target, source);
        }

        var start = output.Length;
        output.AppendCopy(source.Span, 0);
        output.Follow(start, source.Sources);
    }

    private static CharBuffer Like(CharBuffer other) => new() { Traces = other.Traces, Deadline = other.Deadline };
}

/// <summary>Lower-cases each code point.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<char> text, CharBuffer output)
    {
        output.Source = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            CharacterTable.AppendLowercase(rune, output);
            output.Source += rune.Utf16SequenceLength;
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
        output.Source = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!CharacterTable.Is(rune.Value, CharacterClass.CombiningMark))
            {
                output.Append(rune);
            }

            output.Source += rune.Utf16SequenceLength;
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
        output.AppendCopy(right ? rest[..^WhiteSpace.CountAtEnd(rest)] : rest, start);
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
            output.Source = 0;
            output.Append(prefix);
            output.AppendCopy(text, 0);
        }
    }
}

/// <summary>Replaces each match with a fixed text.</summary>
internal sealed class ReplaceNormalizer(Regex pattern, string content) : INormalizer
{
    /// <inheritdoc/>
    public bool MayDropStart => content.Length == 0;

    /// <inheritdoc/>
    public bool MayBacktrack => !pattern.Options.HasFlag(RegexOptions.NonBacktracking);

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<char> text, CharBuffer output)
    {
        var done = 0;
        output.Deadline.Check();
        foreach (var match in pattern.EnumerateMatches(text))
        {
            output.AppendCopy(text[done..match.Index], done);
            output.Source = match.Index;
            output.Append(content);
            done = match.Index + match.Length;
            output.Deadline.Check();
        }

        output.AppendCopy(text[done..], done);
    }
}
