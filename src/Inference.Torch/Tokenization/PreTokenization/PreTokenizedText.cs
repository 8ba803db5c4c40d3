using System.Runtime.InteropServices;

namespace MlCluster.Inference.Tokenization.PreTokenization;

/// <summary>Normalized text cut into words; reused from call to call.</summary>
internal sealed class PreTokenizedText
{
    private List<Word> _words = [];
    private List<Word> _next = [];
    private CharBuffer _chars = new();
    private CharBuffer _nextChars = new();
    private bool _startsInput;

    /// <summary>The text that <see cref="Words"/> point into.</summary>
    public CharBuffer Chars => _chars;

    /// <summary>The words so far, in order, none empty.</summary>
    public List<Word> Words => _words;

    /// <summary>Until when the text is worked on.</summary>
    public TextDeadline Deadline { get; set; } = TextDeadline.None;

    /// <summary>Starts again with one word: the whole text.</summary>
    /// <param name="startsInput">True where the text is the start of what came in.</param>
    /// <param name="sources">Where its units come from; none: that is not wanted.</param>
    public void Begin(ReadOnlySpan<char> text, bool startsInput, ReadOnlySpan<int> sources = default)
    {
        _startsInput = startsInput;
        _chars.Clear();
        _chars.Traces = _nextChars.Traces = !sources.IsEmpty;
        _chars.Append(text);
        sources.CopyTo(_chars.Sources);
        _words.Clear();
        AddTo(_words, 0, text.Length);
    }

    /// <summary>Cuts every word further; the splitter sees one at a time.</summary>
    public void Split(WordSplitter splitter)
    {
        _next.Clear();
        foreach (var word in _words)
        {
            splitter(Chars.Span.Slice(word.Start, word.Length), word.Start, _next);
        }

        (_words, _next) = (_next, _words);
    }

    /// <summary>Writes every word anew.</summary>
    public void Rewrite(WordRewriter rewriter)
    {
        _next.Clear();
        _nextChars.Clear();
        // What was cut off in front of the first word is not written again, so its place has to be seen before.
        _startsInput = _startsInput && _words is [{ Start: 0 }, ..];
        foreach (var word in _words)
        {
            var start = _nextChars.Length;
            _nextChars.Source = 0;
            rewriter(
                _chars.Span.Slice(word.Start, word.Length), _startsInput && word.Start == 0, _nextChars);
            if (_nextChars.Traces)
            {
                _nextChars.Follow(start, _chars.Sources[word.Start..]);
            }
            AddTo(_next, start, _nextChars.Length - start);
        }

        (_words, _next) = (_next, _words);
        (_chars, _nextChars) = (_nextChars, _chars);
    }

    /// <summary>Gives back memory that an unusually long text took.</summary>
    public void Trim(int keep)
    {
        _words.Trim(keep);
        _next.Trim(keep);
        _chars.Trim(keep);
        _nextChars.Trim(keep);
    }

    /// <summary>Adds a word unless it is empty.</summary>
    public static void AddTo(List<Word> words, int start, int length)
    {
        if (length > 0)
        {
            words.Add(new Word(start, length));
        }
    }
}

/// <summary>A range of the text.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Word(int Start, int Length);

/// <summary>Cuts one word; found parts are added with <paramref name="offset"/> on top of their place in it.</summary>
internal delegate void WordSplitter(ReadOnlySpan<char> text, int offset, List<Word> output);

/// <summary>
/// Appends what stands in a word's place; <see cref="CharBuffer.Source"/> counts from the word's start.
/// </summary>
/// <param name="startsInput">True for the word that the input starts with.</param>
internal delegate void WordRewriter(ReadOnlySpan<char> word, bool startsInput, CharBuffer output);
