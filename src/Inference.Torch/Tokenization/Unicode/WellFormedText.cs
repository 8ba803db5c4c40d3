using System.Text;

namespace MlCluster.Inference.Tokenization.Unicode;

/// <summary>Makes any UTF-16 text well-formed.</summary>
internal static class WellFormedText
{
    /// <summary>The text itself, or a copy in which each lone surrogate is U+FFFD, as the reference sees it.</summary>
    public static ReadOnlySpan<char> Of(string text, CharBuffer copy)
    {
        if (!HasLoneSurrogate(text))
        {
            return text;
        }

        copy.Clear();
        foreach (var rune in text.EnumerateRunes())
        {
            copy.Append(rune);
        }

        return copy.Span;
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAnyInRange('\uD800', '\uDFFF') is var at && at >= 0)
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out var width) != System.Buffers.OperationStatus.Done)
            {
                return true;
            }

            text = text[(at + width)..];
        }

        return false;
    }
}
