namespace MlCluster.Inference.Functions;

/// <summary>Tells how large answers become, for those who split requests by that.</summary>
public static class FunctionOutputs
{
    // A name of a few letters, a number, and what a message adds to both.
    private const int BytesPerWeight = 24;

    // Tokens of text have four bytes on average; a few have many more.
    private const int BytesPerTextToken = 32;

    /// <summary>The outputs of an answer, on the high side.</summary>
    /// <param name="config">What the model is for.</param>
    /// <param name="rehearsal">What the model itself gives.</param>
    public static IReadOnlyList<OutputInfo> Of(FunctionConfig config, RehearsalReport rehearsal)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(rehearsal);
        return config.Function switch
        {
            FunctionKind.SparseEncoding => [.. rehearsal.Outputs.Select(static output => output with
            {
                BytesPerUnit = output.BytesPerUnit / sizeof(float) * BytesPerWeight,
            })],
            FunctionKind.SparseTokenize => [PerToken(name: null, BytesPerWeight)],
            FunctionKind.QuestionAnswering => [PerToken(name: null, BytesPerTextToken)],
            FunctionKind.SentenceHighlighting => [PerToken("highlights", BytesPerTextToken)],
            FunctionKind.TextSimilarity => [rehearsal.Outputs[0] with { Name = "similarity" }],
            _ => rehearsal.Outputs,
        };
    }

    private static OutputInfo PerToken(string? name, long bytes) =>
        new(name, TensorType.Float32, PerToken: true, bytes);
}
