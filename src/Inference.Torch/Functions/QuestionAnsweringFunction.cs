using MlCluster.Inference.Batching;

namespace MlCluster.Inference.Functions;

/// <summary>QUESTION_ANSWERING: the tokens between the likeliest start and the likeliest end are the answer.</summary>
/// <remarks>
/// Source: https://github.com/opensearch-project/ml-commons, class QuestionAnsweringTranslator. It looks at the whole
/// pair, the question too, and spells the answer as its tokens do; clients compare with that.
/// </remarks>
internal sealed class QuestionAnsweringFunction(TokenizerEncoder encoder) : PairFunction(encoder, withTypes: false)
{
    private const string StartLogits = "start_logits";
    private const string EndLogits = "end_logits";
    private const string Continuation = " ##";

    /// <inheritdoc/>
    public override void Check(PredictionInput input)
    {
        if (input.Query is null)
        {
            throw new RequestRefusedException("Question is not provided");
        }
    }

    /// <inheritdoc/>
    public override OutputFilter Needs(OutputFilter wanted) => OutputFilter.All;

    /// <inheritdoc/>
    public override DocumentOutput Answer(
        PreparedInput input, int index, OutputFilter wanted, IReadOnlyList<RowAnswer> rows)
    {
        var (row, output) = (rows[0].Row, rows[0].Output);
        var start = Likeliest(Logits(output, StartLogits, 0), row);
        var end = Likeliest(Logits(output, EndLogits, 1), row);
        (start, end) = (Math.Min(start, end), Math.Max(start, end));
        var tokens = row.Ids[start..(end + 1)].Select(Tokenizer.Tokens!.TokenOf);
        var answer = string.Join(' ', tokens).Replace(Continuation, "", StringComparison.Ordinal).Trim();
        return new DocumentOutput([OutputTensor.Of(name: null, new AnswerText(answer))]);
    }

    private static OutputTensor Logits(DocumentOutput output, string name, int position) =>
        output.Tensors.FirstOrDefault(tensor => tensor.Name == name)
        ?? (position < output.Tensors.Count
            ? output.Tensors[position]
            : throw new InferenceException(
                $"the model gave {output.Tensors.Count} output; question answering needs start and end logits"));

    private static int Likeliest(OutputTensor logits, TokenRow row)
    {
        var values = FloatOutput.Read(logits);
        if (values.Length != row.Length)
        {
            throw new InferenceException(
                $"the model gave [{string.Join(", ", logits.Shape)}] for {row.Length} tokens; question answering needs "
                + "one logit a token");
        }

        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }
}
