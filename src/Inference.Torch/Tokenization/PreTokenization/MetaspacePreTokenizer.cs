using System.Text;

namespace MlCluster.Inference.Tokenization.PreTokenization;

/// <summary>Which words get a mark in front although no space was there.</summary>
internal enum PrependScheme
{
    /// <summary>The one that the input starts with.</summary>
    First,
    Never,
    Always,
}

/// <summary>Makes each space a mark that can be seen, and cuts before the marks.</summary>
internal sealed class MetaspacePreTokenizer : IPreTokenizer
{
    private readonly string _mark;
    private readonly bool _cut;
    private readonly WordRewriter _rewrite;
    private readonly WordSplitter _split;

    /// <param name="cut">False: words stay whole.</param>
    public MetaspacePreTokenizer(Rune mark, PrependScheme scheme, bool cut)
    {
        _mark = mark.ToString();
        _cut = cut;
        LooksAtStart = scheme == PrependScheme.First;
        _split = Split;
        _rewrite = scheme switch
        {
            PrependScheme.Never => (word, _, output) => AppendMarked(word, prepend: false, output),
            PrependScheme.First => AppendMarked,
            _ => (word, _, output) => AppendMarked(word, prepend: true, output),
        };
    }

    /// <inheritdoc/>
    public bool LooksAtStart { get; }

    /// <inheritdoc/>
    public void Apply(PreTokenizedText text)
    {
        text.Rewrite(_rewrite);
        if (_cut)
        {
            text.Split(_split);
        }
    }

    private void AppendMarked(ReadOnlySpan<char> word, bool prepend, CharBuffer output)
    {
        if (prepend && word[0] != ' ' && !word.StartsWith(_mark, StringComparison.Ordinal))
        {
            output.Append(_mark);
        }

        var done = 0;
        while (word[done..].IndexOf(' ') is var length && length >= 0)
        {
            output.AppendCopy(word.Slice(done, length), done);
            output.Source = done + length;
            output.Append(_mark);
            done += length + 1;
        }

        output.AppendCopy(word[done..], done);
    }

    private void Split(ReadOnlySpan<char> text, int offset, List<Word> output)
    {
        var start = 0;
        while (start < text.Length)
        {
            var next = text[(start + 1)..].IndexOf(_mark, StringComparison.Ordinal);
            var end = next < 0 ? text.Length : start + 1 + next;
            PreTokenizedText.AddTo(output, offset + start, end - start);
            start = end;
        }
    }
}
