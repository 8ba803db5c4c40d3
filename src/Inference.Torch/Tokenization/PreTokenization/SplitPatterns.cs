using System.Text;
using System.Text.RegularExpressions;
using MlCluster.Inference.Tokenization.Unicode;

namespace MlCluster.Inference.Tokenization.PreTokenization;

/// <summary>Finds places to split at.</summary>
internal interface ISplitPattern
{
    /// <summary>True when one match may take up to its deadline.</summary>
    bool MayBacktrack => false;

    /// <summary>Adds matches and the text between them, in order and without gaps.</summary>
    /// <exception cref="TokenizerTimeoutException">The deadline has come.</exception>
    void FindParts(ReadOnlySpan<char> text, List<SplitPart> output, TextDeadline deadline);
}

/// <summary>Each character of some kind is a match.</summary>
internal sealed class CharacterPattern(Func<Rune, bool> isMatch) : ISplitPattern
{
    /// <summary>Punctuation as BERT sees it.</summary>
    public static CharacterPattern Punctuation { get; } =
        new(static rune => CharacterTable.Is(rune.Value, CharacterClass.Punctuation));

    /// <inheritdoc/>
    public void FindParts(ReadOnlySpan<char> text, List<SplitPart> output, TextDeadline deadline)
    {
        var (done, at) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (isMatch(rune))
            {
                if (done < at)
                {
                    output.Add(new SplitPart(done, at, IsMatch: false));
                }

                done = at + rune.Utf16SequenceLength;
                output.Add(new SplitPart(at, done, IsMatch: true));
            }

            at += rune.Utf16SequenceLength;
        }

        if (done < at)
        {
            output.Add(new SplitPart(done, at, IsMatch: false));
        }
    }
}

/// <summary>Matches of a regular expression, or of a plain text made one.</summary>
internal sealed class RegexPattern(Regex regex) : ISplitPattern
{
    /// <inheritdoc/>
    public bool MayBacktrack => !regex.Options.HasFlag(RegexOptions.NonBacktracking);

    /// <inheritdoc/>
    public void FindParts(ReadOnlySpan<char> text, List<SplitPart> output, TextDeadline deadline)
    {
        var done = 0;
        deadline.Check();
        foreach (var match in regex.EnumerateMatches(text))
        {
            if (done < match.Index)
            {
                output.Add(new SplitPart(done, match.Index, IsMatch: false));
            }

            done = match.Index + match.Length;
            output.Add(new SplitPart(match.Index, done, IsMatch: true));
            deadline.Check();
        }

        if (done < text.Length)
        {
            output.Add(new SplitPart(done, text.Length, IsMatch: false));
        }
    }
}
