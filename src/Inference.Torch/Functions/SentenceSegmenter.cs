using System.Buffers;
using System.Collections.Frozen;

namespace MlCluster.Inference.Functions;

/// <summary>Cuts text into sentences: at white space behind a full stop, a question or an exclamation mark.</summary>
/// <remarks>
/// As in OpenSearch (ml-commons, DefaultSentenceSegmenter), a full stop of an abbreviation or of an initial ends
/// nothing; so do marks behind which no white space comes, but for those of Chinese and Japanese.
/// </remarks>
internal static class SentenceSegmenter
{
    private static readonly SearchValues<char> Marks = SearchValues.Create(".!?。！？");

    private static readonly SearchValues<char> Closing = SearchValues.Create("\"')]}”’»");

    private static readonly FrozenSet<string> Abbreviations = FrozenSet.ToFrozenSet(
        [
            "mr", "mrs", "ms", "dr", "prof", "sr", "jr", "st", "vs", "etc", "inc", "ltd", "co", "corp", "fig",
            "approx", "dept", "est", "gen", "gov", "rep", "sen", "sgt", "lt", "col", "capt", "rev", "cf", "al",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> AbbreviationsBySpan =
        Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The sentences in order, without the white space around them.</summary>
    public static IReadOnlyList<Sentence> Split(string text)
    {
        var sentences = new List<Sentence>();
        var start = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (Marks.Contains(text[at]) && EndOf(text, at) is { } end)
            {
                Add(text, start, end, sentences);
                start = end;
                at = end - 1;
            }
        }

        Add(text, start, text.Length, sentences);
        return sentences;
    }

    /// <summary>Where the sentence ends that a mark may end; null: it ends none.</summary>
    private static int? EndOf(string text, int mark)
    {
        var end = mark + 1;
        while (end < text.Length && (Marks.Contains(text[end]) || Closing.Contains(text[end])))
        {
            end++;
        }

        if (text[mark] is '。' or '！' or '？')
        {
            return end;
        }

        var isEnd = end == text.Length || char.IsWhiteSpace(text[end]);
        return isEnd && !(end == mark + 1 && text[mark] == '.' && IsAbbreviation(text, mark)) ? end : null;
    }

    private static bool IsAbbreviation(string text, int stop)
    {
        var start = stop;
        while (start > 0 && char.IsLetterOrDigit(text[start - 1]))
        {
            start--;
        }

        var word = text.AsSpan(start, stop - start);
        var isInitial = word.Length == 1 && char.IsLetter(word[0])
            && (char.IsUpper(word[0]) || (start > 0 && text[start - 1] == '.'));
        return isInitial || AbbreviationsBySpan.Contains(word);
    }

    private static void Add(string text, int start, int end, List<Sentence> sentences)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        while (start < end && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        if (start < end)
        {
            sentences.Add(new Sentence(start, end));
        }
    }
}

/// <summary>A sentence's place in its text, in UTF-16 units.</summary>
/// <param name="Start">The first one.</param>
/// <param name="End">The one after the last.</param>
internal sealed record Sentence(int Start, int End);
