using System.Runtime.InteropServices;
using MlCluster.Inference.Tokenization.Models;
using MlCluster.Inference.Tokenization.Unicode;

namespace MlCluster.Inference.Tokenization;

/// <summary>Where tokens stand in the text, as they are found.</summary>
internal sealed class TokenPlaces
{
    // What byte-level tokenizers write for a space.
    private const char ByteLevelSpace = '\u0120';

    private readonly List<TokenPlace> _places = [];
    private int[] _codePoints = [];

    /// <summary>The parts of the word at hand that its tokens stand for; the model adds to it.</summary>
    public List<Part> Parts { get; } = [];

    /// <summary>Starts with a text: places are units of it, and are given as code points.</summary>
    public void Begin(ReadOnlySpan<char> text)
    {
        _codePoints = new int[text.Length];
        var count = -1;
        for (var at = 0; at < text.Length; at++)
        {
            count += char.IsLowSurrogate(text[at]) ? 0 : 1;
            _codePoints[at] = count;
        }
    }

    /// <summary>Appends a token of its own.</summary>
    /// <param name="first">Its first unit in the text.</param>
    /// <param name="last">Its last unit there.</param>
    /// <param name="part">What was found, with the white space that the token took along.</param>
    public void Add(int first, int last, ReadOnlySpan<char> part) => _places.Add(PlaceOf(first, last, part));

    /// <summary>Turns the parts of a word into places.</summary>
    /// <param name="sources">The unit of the text that each of the word's units comes from.</param>
    public void EndWord(ReadOnlySpan<char> word, ReadOnlySpan<int> sources)
    {
        foreach (var (start, end) in Parts)
        {
            // Only a model that passes over unknown characters has tokens that find no part.
            var first = Math.Min(start, word.Length - 1);
            var last = Math.Max(first, end - 1);
            _places.Add(PlaceOf(sources[first], sources[last], word[first..(last + 1)]));
        }

        Parts.Clear();
    }

    /// <summary>Copies the places out.</summary>
    public TokenPlace[] ToArray() => [.. _places];

    private TokenPlace PlaceOf(int first, int last, ReadOnlySpan<char> part) => new(
        new TextRange(_codePoints[first], _codePoints[last] + 1),
        CountSpaces(part, 0, 1),
        CountSpaces(part, part.Length - 1, -1));

    private static int CountSpaces(ReadOnlySpan<char> part, int at, int step)
    {
        var count = 0;
        for (; (uint)at < part.Length && IsSpace(part[at]); at += step)
        {
            count++;
        }

        return count;
    }

    private static bool IsSpace(char unit) =>
        unit == ByteLevelSpace || CharacterTable.Is(unit, CharacterClass.WhiteSpace);
}

/// <summary>Where a token stands, before a post-processor trims it.</summary>
/// <param name="Leading">White space that the token starts with.</param>
/// <param name="Trailing">White space that it ends with.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenPlace(TextRange Range, int Leading, int Trailing);
