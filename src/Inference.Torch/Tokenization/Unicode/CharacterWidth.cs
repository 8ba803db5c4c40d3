using System.Runtime.CompilerServices;

namespace MlCluster.Inference.Tokenization.Unicode;

/// <summary>How many UTF-16 units a character has.</summary>
internal static class CharacterWidth
{
    /// <summary>Units of the character at a place inside the text: 2 for a surrogate pair, else 1.</summary>
    /// <remarks>A unit that is half of a pair counts as a character of its own.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(ReadOnlySpan<char> text, int at) =>
        char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
}
