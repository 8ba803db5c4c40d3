using System.Runtime.InteropServices;
using MlCluster.Inference.Batching;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Functions;

/// <summary>
/// QUESTION_ANSWERING with <c>sentence_highlighting</c>: the model names the sentences of a context that matter.
/// </summary>
/// <remarks>
/// A context that is longer than a window goes through the model in several, each with the whole question; the
/// sentences that any of them names are the answer. Source: https://github.com/opensearch-project/ml-commons, class
/// SentenceHighlightingQATranslator; which sentence a token is in is found out by its offset, not by counting words.
/// </remarks>
internal sealed class SentenceHighlightingFunction(TokenizerEncoder encoder, WindowConfig windows)
    : ModelFunction(encoder)
{
    private const string Highlights = "highlights";

    // The label that training ignores: tokens that are in no sentence of the context.
    private const int NoSentence = -100;

    // A context of megabytes in small steps would take more memory than the text by orders of magnitude.
    private const int MostWindows = 4096;

    // In rehearsals: tokens of the question's share, and of a sentence.
    private const int QueryShare = 3;
    private const int ProbeSentence = 8;

    /// <inheritdoc/>
    public override void Check(PredictionInput input)
    {
        if (input.Query is null)
        {
            throw new RequestRefusedException("Question is not provided");
        }
    }

    /// <inheritdoc/>
    public override long EstimateTokens(PredictionInput input, int index)
    {
        var whole = (Characters(input, index) / 3) + 3;
        var step = Math.Max(1, windows.MaxTokens - windows.Stride);
        return windows.All ? Math.Max(1, whole / step) * Math.Min(whole, windows.MaxTokens)
            : Math.Min(whole, windows.MaxTokens);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TokenRow> Encode(PreparedInput input, int index, TextDeadline deadline)
    {
        var context = input.Texts[index];
        var question = input.QueryIds(encoder.Tokenizer.TextIds, deadline).Length;
        CheckRoom(question, context, deadline);
        var encodings = encoder.Tokenizer.EncodeWindows(
            input.Input.Query!, context, windows.MaxTokens, windows.Stride, deadline);
        if (encodings.Count > MostWindows)
        {
            throw new RequestRefusedException(
                $"the context takes {encodings.Count} windows of {windows.MaxTokens} tokens, at most {MostWindows} are "
                + "allowed; send a shorter context");
        }

        var starts = Starts(context);
        return [.. encodings.Take(windows.All ? encodings.Count : 1).Select(window => RowOf(window, question, starts))];
    }

    /// <inheritdoc/>
    public override TokenRow Row(int[] ids)
    {
        var tokenizer = encoder.Tokenizer;
        var plain = ids.AsSpan(Math.Min(1, ids.Length))[..Math.Max(0, ids.Length - tokenizer.PairSpecialTokenCount)];
        var first = plain.Length / QueryShare;
        var pair = tokenizer.EncodePair(plain[..first], plain[first..], encoder.MaxLength);
        var sentences = new int[pair.Ids.Length];
        Array.Fill(sentences, NoSentence);
        for (var i = Math.Max(0, sentences.Length - (plain.Length - first) - 1); i < sentences.Length - 1; i++)
        {
            sentences[i] = i / ProbeSentence;
        }

        return new TokenRow(pair.Ids) { Columns = Columns(pair.TypeIds, sentences) };
    }

    /// <inheritdoc/>
    public override OutputFilter Needs(OutputFilter wanted) => OutputFilter.All;

    /// <inheritdoc/>
    public override DocumentOutput Answer(
        PreparedInput input, int index, OutputFilter wanted, IReadOnlyList<RowAnswer> rows)
    {
        var context = input.Texts[index];
        var sentences = SentenceSegmenter.Split(context);
        var named = rows.SelectMany(static row => Numbers(row.Output.Tensors[0]))
            .Where(id => id >= 0 && id < sentences.Count).Distinct().Order();
        var highlights = named.Select(id => Highlight(context, sentences[(int)id], (int)id));
        return new DocumentOutput([OutputTensor.Of(Highlights, new HighlightedSentences([.. highlights]))]);
    }

    private static HighlightedSentence Highlight(string context, Sentence sentence, int position) =>
        new(context[sentence.Start..sentence.End], position, sentence.Start, sentence.End);

    // A context that takes several windows needs something new in each.
    private void CheckRoom(int question, string context, TextDeadline deadline)
    {
        var room = windows.MaxTokens - encoder.Tokenizer.PairSpecialTokenCount - question;
        if (room < 0 || (room <= windows.Stride && encoder.Tokenizer.TextIds(context, deadline).Length > room))
        {
            throw new RequestRefusedException(
                $"the question has {question} tokens, which leaves {Math.Max(0, room)} of {windows.MaxTokens} tokens "
                + $"of a window for the context; more than {windows.Stride}, the stride, are needed: ask a shorter "
                + "question");
        }
    }

    private TokenRow RowOf(TokenEncoding window, int question, int[] starts)
    {
        var sentences = new int[window.Length];
        var texts = 0;
        for (var i = 0; i < sentences.Length; i++)
        {
            var inContext = window.SpecialTokensMask[i] == 0 && texts++ >= question;
            sentences[i] = inContext ? SentenceAt(window.Offsets[i].Start, starts) : NoSentence;
        }

        return new TokenRow(window.Ids) { Columns = Columns(window.TypeIds, sentences) };
    }

    private TokenColumn[] Columns(int[] types, int[] sentences) =>
        [new TokenColumn(types, encoder.Tokenizer.PadTypeId), new TokenColumn(sentences, NoSentence)];

    /// <summary>Where the sentences begin, in code points, as offsets of tokens are counted.</summary>
    private static int[] Starts(string context)
    {
        var starts = new List<int>();
        var (unit, point) = (0, 0);
        foreach (var sentence in SentenceSegmenter.Split(context))
        {
            for (; unit < sentence.Start; unit++)
            {
                point += unit + 1 < context.Length && char.IsSurrogatePair(context, unit) ? 0 : 1;
            }

            starts.Add(point);
        }

        return [.. starts];
    }

    private static int SentenceAt(int point, int[] starts)
    {
        var at = Array.BinarySearch(starts, point);
        return at >= 0 ? at : Math.Max(0, ~at - 1);
    }

    private static IEnumerable<long> Numbers(OutputTensor tensor) => tensor.DataType switch
    {
        TensorType.Int64 => MemoryMarshal.Cast<byte, long>(tensor.Data.Span).ToArray(),
        TensorType.Int32 => MemoryMarshal.Cast<byte, int>(tensor.Data.Span).ToArray().Select(static n => (long)n),
        _ => throw new InferenceException(
            $"the model gave {tensor.DataType}; sentence highlighting needs the numbers of sentences as integers"),
    };
}
