using MlCluster.Inference.Tokenization.PostProcessing;
using MlCluster.Inference.Tokenization.PreTokenization;

namespace MlCluster.Inference.Tokenization;

/// <summary>Buffers of one tokenization, kept by each thread for the next.</summary>
internal sealed class Workspace : IDisposable
{
    // A thread keeps no more than this many entries a buffer after an unusually long text.
    private const int Kept = 64 * 1024;

    [ThreadStatic]
    private static Workspace? current;

    private readonly List<int> _wordIds = [];
    private int _words;

    /// <summary>The text with lone surrogates replaced.</summary>
    public CharBuffer WellFormed { get; } = new();

    /// <summary>The normalized part at hand.</summary>
    public CharBuffer Normalized { get; } = new();

    /// <summary>The words of the part at hand.</summary>
    public PreTokenizedText Words { get; } = new();

    /// <summary>Tokens so far.</summary>
    public List<int> Ids { get; } = [];

    /// <summary>Where the tokens stand; null: not wanted.</summary>
    public TokenPlaces? Places { get; private set; }

    /// <summary>Words, added tokens among them, that are still to be passed over.</summary>
    public int WordsToSkip { get; set; }

    /// <summary>The calling thread's workspace, emptied; disposed of where the text is done.</summary>
    /// <param name="deadline">The text's.</param>
    /// <param name="withPlaces">True: the places of tokens are wanted.</param>
    public static Workspace Rent(TextDeadline deadline, bool withPlaces = false)
    {
        var workspace = current ??= new Workspace();
        workspace.Ids.Clear();
        workspace._wordIds.Clear();
        workspace._words = 0;
        workspace.WordsToSkip = 0;
        workspace.Places = withPlaces ? new TokenPlaces() : null;
        workspace.Normalized.Clear();
        workspace.Normalized.Traces = withPlaces;
        workspace.Normalized.Deadline = workspace.Words.Deadline = deadline;
        return workspace;
    }

    /// <summary>Tells whether the word at hand is to be passed over, and counts it off.</summary>
    public bool SkipsWord()
    {
        var skips = WordsToSkip > 0;
        WordsToSkip -= skips ? 1 : 0;
        return skips;
    }

    /// <summary>Appends an added token, which is a word by itself.</summary>
    /// <param name="first">Its first unit in the text.</param>
    /// <param name="last">Its last unit there.</param>
    /// <param name="part">What was found.</param>
    public void Add(int id, int first, int last, ReadOnlySpan<char> part)
    {
        if (!SkipsWord())
        {
            Ids.Add(id);
            Places?.Add(first, last, part);
            EndWord();
        }
    }

    /// <summary>Marks all tokens since the last call as one word.</summary>
    public void EndWord()
    {
        while (_wordIds.Count < Ids.Count)
        {
            _wordIds.Add(_words);
        }

        _words++;
    }

    /// <summary>Copies the tokens out.</summary>
    public TokenSequence ToSequence() => new([.. Ids], [.. _wordIds], Places?.ToArray() ?? []);

    /// <summary>Gives back memory that an unusually long text took, and forgets whose text it was.</summary>
    public void Dispose()
    {
        Normalized.Deadline = Words.Deadline = TextDeadline.None;
        WellFormed.Trim(Kept);
        Normalized.Trim(Kept);
        Words.Trim(Kept);
        Ids.Trim(Kept);
        _wordIds.Trim(Kept);
    }
}

/// <summary>Keeps reused lists small.</summary>
internal static class ListTrimming
{
    /// <summary>Empties a list and gives memory back where it holds more than some entries.</summary>
    public static void Trim<T>(this List<T> list, int keep)
    {
        list.Clear();
        if (list.Capacity > keep)
        {
            list.Capacity = keep;
        }
    }
}
