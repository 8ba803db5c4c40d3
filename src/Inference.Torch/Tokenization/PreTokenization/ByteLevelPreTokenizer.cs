using System.Text;

namespace MlCluster.Inference.Tokenization.PreTokenization;

/// <summary>Cuts as GPT-2 does and writes each UTF-8 byte as a character of its own.</summary>
/// <param name="addSpace">True: a word that starts with no space gets one.</param>
/// <param name="cut">False: words stay whole.</param>
internal sealed class ByteLevelPreTokenizer(bool addSpace, bool cut) : IPreTokenizer
{
    /// <summary>The character that stands for each byte.</summary>
    internal static readonly char[] Alphabet = MakeAlphabet();

    /// <inheritdoc/>
    public void Apply(PreTokenizedText text)
    {
        if (addSpace)
        {
            text.Rewrite(AppendSpaced);
        }

        if (cut)
        {
            text.Split(ContractionSplitter.Split);
        }

        text.Rewrite(AppendBytes);
    }

    private static void AppendSpaced(ReadOnlySpan<char> word, bool startsInput, CharBuffer output)
    {
        if (word[0] != ' ')
        {
            output.Append(' ');
        }

        output.AppendCopy(word, 0);
    }

    private static void AppendBytes(ReadOnlySpan<char> word, bool startsInput, CharBuffer output)
    {
        Span<byte> bytes = stackalloc byte[4];
        for (var at = 0; at < word.Length;)
        {
            output.Source = at;
            if (word[at] < 128)
            {
                output.Append(Alphabet[word[at++]]);
                continue;
            }

            Rune.DecodeFromUtf16(word[at..], out var rune, out var width);
            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                output.Append(Alphabet[value]);
            }

            at += width;
        }
    }

    // GPT-2's vocabulary: bytes that print in Latin-1 are themselves, the rest counts on from U+0100.
    private static char[] MakeAlphabet()
    {
        var next = '\u0100';
        var alphabet = new char[256];
        for (var value = '\0'; value < alphabet.Length; value++)
        {
            var prints = value is (>= '!' and <= '~') or (>= '\u00A1' and <= '\u00AC') or (>= '\u00AE' and <= '\u00FF');
            alphabet[value] = prints ? value : next++;
        }

        return alphabet;
    }
}
