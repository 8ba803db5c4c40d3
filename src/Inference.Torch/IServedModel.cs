namespace MlCluster.Inference;

/// <summary>A loaded model that answers predictions, batched invisibly.</summary>
/// <remarks>
/// <see cref="IAsyncDisposable.DisposeAsync"/> lets accepted documents finish, then gives native memory back.
/// </remarks>
public interface IServedModel : IAsyncDisposable
{
    /// <summary>The device it runs on.</summary>
    InferenceDevice Device { get; }

    /// <summary>How its documents are grouped.</summary>
    BatchingMode Batching { get; }

    /// <summary>Most tokens of a document, special tokens included; longer ones are cut.</summary>
    int MaxTokens { get; }

    /// <summary>
    /// Completes with the reason when a forward ran past its deadline and the model must leave service.
    /// </summary>
    Task<string> Failure { get; }

    /// <summary>Numbers of this moment for profile and routing.</summary>
    ServingStatistics Statistics { get; }

    /// <summary>Answers for documents; one result a text, in order. Never blocks the caller's thread.</summary>
    /// <exception cref="RequestRefusedException">The call does not fit the model's function.</exception>
    /// <exception cref="QueueFullException">The bounded queue has no room now.</exception>
    /// <exception cref="InferenceException">The forward threw, or passed its deadline.</exception>
    /// <exception cref="OperationCanceledException">The caller is gone; queued work is dropped.</exception>
    /// <exception cref="ObjectDisposedException">The model is being unloaded; nothing was queued.</exception>
    Task<PredictionResult> PredictAsync(
        PredictionInput input, OutputFilter filter, CancellationToken cancellationToken);
}

/// <summary>Tunables of a served model.</summary>
/// <param name="Workers">Worker threads; each runs forwards with one intra-op thread on CPU.</param>
/// <param name="MaxTokensPerForward">Token budget of a forward: rows × padded length.</param>
/// <param name="MaxQueuedTokens">Tokens that may wait; beyond it callers get <see cref="QueueFullException"/>.</param>
/// <param name="ForwardTimeout">Longest forward before the model leaves service.</param>
public sealed record ServingOptions(
    int Workers, int MaxTokensPerForward, long MaxQueuedTokens, TimeSpan ForwardTimeout)
{
    /// <summary>Longest time that accepted documents may take to finish once the model is disposed.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a worker that ran out of work looks out for more before it sleeps; zero: not at all.</summary>
    public TimeSpan LookOut { get; init; }

    /// <summary>Longest tokenization of one text; its call fails then.</summary>
    public TimeSpan TokenizeTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Which outputs a caller wants (contract 5.1).</summary>
/// <param name="Names"><c>target_response</c>; null: no filter by name.</param>
/// <param name="Positions"><c>target_response_positions</c>; null: no filter by position.</param>
/// <param name="IncludeData">False: shapes and types alone travel.</param>
public sealed record OutputFilter(
    IReadOnlyList<string>? Names, IReadOnlyList<int>? Positions, bool IncludeData)
{
    /// <summary>Keeps every output with its numbers.</summary>
    public static OutputFilter All { get; } = new(null, null, IncludeData: true);

    /// <summary>Tells whether an output is wanted: its name or its position matches, or nothing is filtered.</summary>
    public bool Keeps(string? name, int position) =>
        (Names is null && Positions is null)
        || (name is not null && Names is not null && Names.Contains(name, StringComparer.Ordinal))
        || (Positions is not null && Positions.Contains(position));
}

/// <summary>Results of one call with the time its stages took; the three add up to the whole.</summary>
/// <param name="Documents">One entry a text, in order.</param>
/// <param name="Tokens">Tokens of all documents, after truncation.</param>
/// <param name="Tokenize">Until the first documents were queued.</param>
/// <param name="Queue">From then until the first forward began.</param>
/// <param name="Forward">From then until the last forward ended.</param>
public sealed record PredictionResult(
    IReadOnlyList<DocumentOutput> Documents, long Tokens, TimeSpan Tokenize, TimeSpan Queue, TimeSpan Forward);

/// <summary>The wanted outputs of one document, in the graph's own order.</summary>
public sealed record DocumentOutput(IReadOnlyList<OutputTensor> Tensors);

/// <summary>One tensor of one document; no batch axis.</summary>
/// <remarks>Where <see cref="Content"/> is there it is the answer, and type, shape and data say nothing.</remarks>
/// <param name="Name">Null for a model that returns a bare tensor.</param>
/// <param name="DataType">Element type of <paramref name="Data"/>.</param>
/// <param name="Shape">Sizes; per-token outputs are cut to the document's own length.</param>
/// <param name="Data">
/// Row-major, little-endian; empty when the filter asked for no data, or the type is unknown.
/// </param>
public sealed record OutputTensor(
    string? Name, TensorType DataType, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Data)
{
    /// <summary>What the answer is that is no numbers; null: numbers.</summary>
    public OutputContent? Content { get; init; }

    /// <summary>An answer that is no numbers.</summary>
    public static OutputTensor Of(string? name, OutputContent content) =>
        new(name, TensorType.Float32, [], default) { Content = content };
}

/// <summary>An answer that is no tensor of numbers.</summary>
public abstract record OutputContent;

/// <summary>Weights of tokens.</summary>
/// <param name="Tokens">Texts or ids of tokens, each once.</param>
/// <param name="Weights">One a token.</param>
public sealed record TokenWeights(IReadOnlyList<string> Tokens, IReadOnlyList<float> Weights) : OutputContent;

/// <summary>The answer to a question.</summary>
public sealed record AnswerText(string Text) : OutputContent;

/// <summary>Sentences of a context, in its order.</summary>
public sealed record HighlightedSentences(IReadOnlyList<HighlightedSentence> Sentences) : OutputContent;

/// <summary>One sentence of a context.</summary>
/// <param name="Text">As it stands in the context.</param>
/// <param name="Position">Which of the context's sentences, counted from 0.</param>
/// <param name="Start">Its first character, in UTF-16 units.</param>
/// <param name="End">The one after its last.</param>
public sealed record HighlightedSentence(string Text, int Position, int Start, int End);

/// <summary>Element types of tensors; the numbers are part of the wire format.</summary>
public enum TensorType
{
    Float32 = 0,
    Float64 = 1,
    Float16 = 2,
    UInt8 = 3,
    Int8 = 4,
    Int32 = 5,
    Int64 = 6,
    Boolean = 7,

    /// <summary>One that clients know nothing of, such as complex numbers: the tensor has no data.</summary>
    Unknown = 8,
}

/// <summary>A model's load and speed at one moment; percentiles live with the caller.</summary>
/// <param name="QueuedTokens">Tokens waiting or running.</param>
/// <param name="Forwards">Forwards since the load; those of the workers' warm-up do not count.</param>
/// <param name="Documents">Their documents.</param>
/// <param name="Tokens">Their tokens, padding included.</param>
/// <param name="PaddingTokens">Padding among them.</param>
public sealed record ServingStatistics(
    long QueuedTokens, long Forwards, long Documents, long Tokens, long PaddingTokens)
{
    /// <summary>Padding tokens ÷ all tokens of all forwards, 0–1.</summary>
    public double PaddingShare => Tokens == 0 ? 0 : (double)PaddingTokens / Tokens;

    /// <summary>What was done since <paramref name="earlier"/>.</summary>
    public ServingStatistics Since(ServingStatistics earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return new ServingStatistics(
            QueuedTokens,
            Forwards - earlier.Forwards,
            Documents - earlier.Documents,
            Tokens - earlier.Tokens,
            PaddingTokens - earlier.PaddingTokens);
    }
}
