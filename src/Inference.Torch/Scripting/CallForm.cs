namespace MlCluster.Inference.Scripting;

/// <summary>How a function calls <c>forward</c> (contract 12.3, 12.4, 12.6).</summary>
/// <param name="Inputs">Names of the tensors, in order.</param>
/// <param name="Style">Ways to hand them over.</param>
/// <param name="Caller">Who wants it so, for messages.</param>
internal sealed record CallForm(IReadOnlyList<string> Inputs, CallStyle Style, string Caller)
{
    /// <summary>Tensors that every model takes: ids and mask.</summary>
    public const int FewestInputs = 2;

    private const string Ids = "input_ids";
    private const string Mask = "attention_mask";
    private const string Types = "token_type_ids";
    private const string Sentences = "sentence_ids";

    /// <summary>The names in one line.</summary>
    public string InputList => string.Join(", ", Inputs.SkipLast(1)) + " and " + Inputs[^1];

    /// <summary>The form of a registration.</summary>
    public static CallForm Of(FunctionConfig config) => config.Function switch
    {
        FunctionKind.TextSimilarity =>
            new([Ids, Mask, Types], CallStyle.Positional, "function TEXT_SIMILARITY"),
        FunctionKind.SparseEncoding => new([Ids, Mask], CallStyle.Either, "function SPARSE_ENCODING"),
        FunctionKind.QuestionAnswering =>
            new([Ids, Mask], CallStyle.Positional, "function QUESTION_ANSWERING"),
        FunctionKind.SentenceHighlighting =>
            new([Ids, Mask, Types, Sentences], CallStyle.Positional, "model_type sentence_highlighting"),
        _ when config.TakesTypes =>
            new([Ids, Mask, Types], CallStyle.Positional, "framework_type huggingface_transformers_neuron"),
        _ => Of(config.Framework),
    };

    /// <summary>The form of a TEXT_EMBEDDING.</summary>
    public static CallForm Of(FrameworkType framework) => framework == FrameworkType.SentenceTransformers
        ? new([Ids, Mask], CallStyle.Dict, "framework_type sentence_transformers")
        : new([Ids, Mask], CallStyle.Positional, "framework_type huggingface_transformers");
}

/// <summary>Ways to hand tensors over.</summary>
internal enum CallStyle
{
    /// <summary>In one dict.</summary>
    Dict,

    /// <summary>One after the other.</summary>
    Positional,

    /// <summary>As the model takes them.</summary>
    Either,
}
