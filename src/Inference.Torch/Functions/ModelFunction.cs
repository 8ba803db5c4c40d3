using MlCluster.Inference.Batching;
using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Functions;

/// <summary>What a model is for: how documents become rows of tokens, and how rows become answers.</summary>
/// <remarks>
/// Everything between, from queue and batches to rehearsal and deadlines, is the same for all. Called on several
/// threads at once; without state.
/// </remarks>
internal abstract class ModelFunction(ITextEncoder encoder)
{
    /// <summary>Characters of one token, on the low side.</summary>
    private const int CharactersPerToken = 3;

    /// <summary>The tokenizer with the length that is left to a row.</summary>
    public ITextEncoder Encoder { get; } = encoder;

    /// <summary>Holds a call against the function before anything of it is queued.</summary>
    /// <exception cref="RequestRefusedException">The call does not fit.</exception>
    public virtual void Check(PredictionInput input)
    {
    }

    /// <summary>Tokenises one document; mostly into one row.</summary>
    /// <exception cref="RequestRefusedException">The document cannot be cut into rows.</exception>
    /// <exception cref="InferenceException">The tokenizer cannot take the text, or not in time.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for the text any more.</exception>
    public abstract IReadOnlyList<TokenRow> Encode(PreparedInput input, int index, TextDeadline deadline);

    /// <summary>Tokens that a document will need in the queue, about.</summary>
    public virtual long EstimateTokens(PredictionInput input, int index) =>
        Math.Min(Encoder.MaxLength, (Characters(input, index) / CharactersPerToken) + 2);

    /// <summary>Characters that are tokenised for a document.</summary>
    public static long Characters(PredictionInput input, int index) =>
        input.Texts[index].Length + (input.Query?.Length ?? 0L);

    /// <summary>Lays ids out as a row of this function, for rehearsals: any ordinary ones.</summary>
    public virtual TokenRow Row(int[] ids) => new(ids);

    /// <summary>The outputs of the model that an answer is made of.</summary>
    /// <param name="wanted">What the caller wants of the answer.</param>
    public virtual OutputFilter Needs(OutputFilter wanted) => wanted;

    /// <summary>Makes a document's answer.</summary>
    /// <param name="wanted">What the caller wants of it.</param>
    /// <param name="rows">What the model gave for each of its rows, in order.</param>
    /// <exception cref="InferenceException">The model gave something else than the function needs.</exception>
    public virtual DocumentOutput Answer(
        PreparedInput input, int index, OutputFilter wanted, IReadOnlyList<RowAnswer> rows) => rows[0].Output;
}
