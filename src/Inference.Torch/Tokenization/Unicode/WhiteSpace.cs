using System.Text;

namespace MlCluster.Inference.Tokenization.Unicode;

/// <summary>White space at the ends of text, and words beside a place in it.</summary>
internal static class WhiteSpace
{
    /// <summary>Units of white space that the text starts with; all of it is in the basic plane.</summary>
    public static int CountAtStart(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (count < text.Length && CharacterTable.Is(text[count], CharacterClass.WhiteSpace))
        {
            count++;
        }

        return count;
    }

    /// <summary>Units of white space that the text ends with.</summary>
    public static int CountAtEnd(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (count < text.Length && CharacterTable.Is(text[^(count + 1)], CharacterClass.WhiteSpace))
        {
            count++;
        }

        return count;
    }

    /// <summary>True when the text starts with a word character.</summary>
    public static bool StartsWithWord(ReadOnlySpan<char> text)
    {
        Rune.DecodeFromUtf16(text, out var rune, out _);
        return !text.IsEmpty && CharacterTable.Is(rune.Value, CharacterClass.Word);
    }

    /// <summary>True when the text ends with a word character.</summary>
    public static bool EndsWithWord(ReadOnlySpan<char> text)
    {
        Rune.DecodeLastFromUtf16(text, out var rune, out _);
        return !text.IsEmpty && CharacterTable.Is(rune.Value, CharacterClass.Word);
    }
}
