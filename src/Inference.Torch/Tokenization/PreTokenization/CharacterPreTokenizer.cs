using System.Text;
using MlCluster.Inference.Tokenization.Unicode;

namespace MlCluster.Inference.Tokenization.PreTokenization;

/// <summary>Cuts between characters by what they are: the pre-tokenizers that need no patterns.</summary>
internal sealed class CharacterPreTokenizer : IPreTokenizer
{
    private readonly Func<CharacterClass, Part> _partOf;
    private readonly Part[] _ascii;
    private readonly WordSplitter _split;

    private CharacterPreTokenizer(Func<CharacterClass, Part> partOf)
    {
        _partOf = partOf;
        _ascii = [.. Enumerable.Range(0, 128).Select(c => partOf(CharacterTable.Of(c)))];
        _split = Split;
    }

    private enum Part : byte
    {
        /// <summary>Belongs to no word.</summary>
        Gap,

        /// <summary>Joins neighbours of the same kind.</summary>
        Run,

        /// <summary>Joins neighbours of the same kind.</summary>
        OtherRun,

        /// <summary>A word by itself.</summary>
        Alone,
    }

    /// <summary>White space removed, each punctuation character alone.</summary>
    public static CharacterPreTokenizer Bert { get; } = new(static c =>
        c.Has(CharacterClass.WhiteSpace) ? Part.Gap
        : c.Has(CharacterClass.Punctuation) ? Part.Alone : Part.Run);

    /// <summary>White space removed.</summary>
    public static CharacterPreTokenizer WhiteSpaceSplit { get; } = new(static c =>
        c.Has(CharacterClass.WhiteSpace) ? Part.Gap : Part.Run);

    /// <summary>The pattern <c>\w+|[^\w\s]+</c> with the reference's classes.</summary>
    public static CharacterPreTokenizer WordsAndSymbols { get; } = new(static c =>
        c.Has(CharacterClass.Word) ? Part.Run
        : c.Has(CharacterClass.WhiteSpace) ? Part.Gap : Part.OtherRun);

    /// <summary>Numbers apart from the rest, whole.</summary>
    public static CharacterPreTokenizer Digits { get; } = new(static c =>
        c.Has(CharacterClass.Numeric) ? Part.OtherRun : Part.Run);

    /// <summary>Numbers apart from the rest, digit by digit.</summary>
    public static CharacterPreTokenizer IndividualDigits { get; } = new(static c =>
        c.Has(CharacterClass.Numeric) ? Part.Alone : Part.Run);

    /// <inheritdoc/>
    public void Apply(PreTokenizedText text) => text.Split(_split);

    private void Split(ReadOnlySpan<char> text, int offset, List<Word> output)
    {
        var start = 0;
        var open = Part.Gap;
        for (var at = 0; at < text.Length;)
        {
            var part = PartAt(text, at, out var width);
            if (part != open || part == Part.Alone)
            {
                Close(open, start, at, offset, output);
                (open, start) = (part, at);
            }

            at += width;
        }

        Close(open, start, text.Length, offset, output);
    }

    private Part PartAt(ReadOnlySpan<char> text, int at, out int width)
    {
        var unit = text[at];
        if (unit < 128)
        {
            width = 1;
            return _ascii[unit];
        }

        Rune.DecodeFromUtf16(text[at..], out var rune, out width);
        return _partOf(CharacterTable.Of(rune.Value));
    }

    private static void Close(Part part, int start, int end, int offset, List<Word> output)
    {
        if (part != Part.Gap)
        {
            PreTokenizedText.AddTo(output, offset + start, end - start);
        }
    }
}
