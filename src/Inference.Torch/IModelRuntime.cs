using System.Text.Json.Serialization;
using MlCluster.Inference.Archive;

namespace MlCluster.Inference;

/// <summary>
/// Everything a node needs of the inference engine: the one door between the cluster and what runs models.
/// </summary>
/// <remarks>Serving in a process of its own would be a second implementation of this interface.</remarks>
public interface IModelRuntime
{
    /// <summary>Devices that a model can be loaded on, the preferred one first; never empty.</summary>
    IReadOnlyList<InferenceDevice> Devices { get; }

    /// <summary>What an operator should know who expects more of these devices; null: nothing.</summary>
    /// <remarks>The first caller may wait for seconds.</remarks>
    string? Warning => null;

    /// <summary>Runs an unknown model for the first time and finds out what it allows.</summary>
    /// <remarks>
    /// A hostile or broken model can kill or hang the calling process: call it only in a child process.
    /// </remarks>
    /// <exception cref="ModelFormatException">The files are not a servable model.</exception>
    /// <exception cref="InferenceException">The model threw, or gave something that is not a tensor.</exception>
    RehearsalReport Rehearse(ModelPackage package);

    /// <summary>Loads a rehearsed model on a device and starts its workers; returns when it is warm.</summary>
    /// <exception cref="ModelFormatException">The files are not a servable model.</exception>
    /// <exception cref="InferenceException">The model cannot be loaded or its warm-up failed.</exception>
    IServedModel Load(
        ModelPackage package, RehearsalReport rehearsal, InferenceDevice device, ServingOptions options);
}

/// <summary>A device that runs forwards.</summary>
/// <param name="Name">PyTorch's name: <c>cpu</c>, <c>cuda:0</c>.</param>
/// <param name="Description">What an operator reads, such as the GPU's product name.</param>
/// <param name="MemoryBytes">Memory of the device in bytes; null when unknown.</param>
public sealed record InferenceDevice(string Name, string Description, long? MemoryBytes);

/// <summary>An unpacked archive with what its registration says about it.</summary>
/// <param name="ModelFile">Path of the model, which ends as its format does; null where there is none.</param>
/// <param name="TokenizerFile">Path of <c>tokenizer.json</c>; an <c>idf.json</c> lies beside it.</param>
/// <param name="Config">The parts of the registration that change answers.</param>
public sealed record ModelPackage(string? ModelFile, string TokenizerFile, FunctionConfig Config);

/// <summary>The parts of a registration that change answers (contract 12.2).</summary>
/// <param name="Framework">Who pools a TEXT_EMBEDDING in TorchScript: the graph or the server.</param>
/// <param name="Pooling">Used where the server pools, <see cref="IsPooledHere"/>.</param>
/// <param name="NormalizeResult">Divide by the L2 norm; where the server pools.</param>
/// <param name="ModelMaxLength">Most tokens of a document; null: tokenizer.json's, at most 512.</param>
public sealed record FunctionConfig(
    FrameworkType Framework,
    PoolingMode Pooling = PoolingMode.Mean,
    bool NormalizeResult = false,
    int? ModelMaxLength = null)
{
    /// <summary>What the model is for.</summary>
    public FunctionKind Function { get; init; } = FunctionKind.TextEmbedding;

    /// <summary>What runs it.</summary>
    public ModelFormat Format { get; init; } = ModelFormat.TorchScript;

    /// <summary>True: <c>forward</c> takes <c>token_type_ids</c> third; TEXT_EMBEDDING in TorchScript alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TakesTypes { get; init; }

    /// <summary>Goes before texts that are queries; TEXT_EMBEDDING alone.</summary>
    public string? QueryPrefix { get; init; }

    /// <summary>Goes before texts that are passages; TEXT_EMBEDDING alone.</summary>
    public string? PassagePrefix { get; init; }

    /// <summary>How a long context is cut; <see cref="FunctionKind.SentenceHighlighting"/> alone.</summary>
    public WindowConfig Windows { get; init; } = new();

    /// <summary>True where texts differ by their role, so that each call has to name it.</summary>
    [JsonIgnore]
    public bool IsAsymmetric => QueryPrefix is not null || PassagePrefix is not null;

    /// <summary>True where the server pools token rows; false: what the graph gives is the answer (12.3).</summary>
    [JsonIgnore]
    public bool IsPooledHere => Function == FunctionKind.TextEmbedding
        && (Framework == FrameworkType.HuggingfaceTransformers || Format == ModelFormat.Onnx);

    /// <summary>True where a registration's <c>model_max_length</c> counts (contract 12.3, 12.5).</summary>
    [JsonIgnore]
    public bool TakesMaxLength => Function != FunctionKind.TextEmbedding || IsPooledHere;
}

/// <summary>Overlapping windows over a context that is longer than the model takes.</summary>
/// <param name="MaxTokens">Tokens of a window, question and special tokens included.</param>
/// <param name="Stride">Tokens of the context that a window shares with the one before.</param>
/// <param name="All">False: the first window alone; what does not fit is not looked at.</param>
public sealed record WindowConfig(int MaxTokens = 512, int Stride = 128, bool All = true);

/// <summary>What models are for (contract 12.6).</summary>
public enum FunctionKind
{
    /// <summary>A text becomes a vector.</summary>
    TextEmbedding,

    /// <summary>A query and a text become a score.</summary>
    TextSimilarity,

    /// <summary>A text becomes weights of tokens, by a model.</summary>
    SparseEncoding,

    /// <summary>A text becomes weights of its own tokens, by a table.</summary>
    SparseTokenize,

    /// <summary>A question and a context become a span of the context.</summary>
    QuestionAnswering,

    /// <summary>A question and a context become the sentences of the context that matter.</summary>
    SentenceHighlighting,
}

/// <summary>How a model was exported (contract 12.3, 12.4).</summary>
public enum FrameworkType
{
    /// <summary><c>forward(Dict[str, Tensor]) -> Dict[str, Tensor]</c>; pooling is in the graph.</summary>
    SentenceTransformers,

    /// <summary><c>forward(input_ids, attention_mask)</c>, pooled and normalised here.</summary>
    HuggingfaceTransformers,
}

/// <summary>How token rows become one vector (contract 12.4).</summary>
public enum PoolingMode
{
    Mean,
    MeanSqrtLen,
    Max,
    WeightedMean,
    Cls,
    LastToken,

    /// <summary>The graph pools: one of its outputs is the vector, or whatever else it is, as it stands.</summary>
    None,
}

/// <summary>How documents may share a forward without changing any answer.</summary>
public enum BatchingMode
{
    /// <summary>Like lengths together, padded to the longest.</summary>
    Padded,

    /// <summary>Only documents of equal length together; padding changes answers.</summary>
    EqualLength,

    /// <summary>One document a forward, several forwards at once.</summary>
    OneByOne,

    /// <summary>One document a forward, one forward at a time: the model writes to its own state.</summary>
    Exclusive,
}

/// <summary>What a rehearsal found out; kept beside the unpacked files, so that content is rehearsed once.</summary>
/// <param name="Batching">What the scheduler keeps to.</param>
/// <param name="Outputs">The outputs in the graph's own order.</param>
public sealed record RehearsalReport(BatchingMode Batching, IReadOnlyList<OutputInfo> Outputs)
{
    /// <summary>Most tokens of the forwards that were tried, rows × width: serving makes none of several documents with
    /// more.</summary>
    public int TriedTokens { get; init; } = int.MaxValue;
}

/// <summary>One output of a model.</summary>
/// <param name="Name">Its key in the dict; null for a bare tensor.</param>
/// <param name="DataType">Element type.</param>
/// <param name="PerToken">True when the axis after the batch axis follows the document's length.</param>
/// <param name="BytesPerUnit">Bytes of one token's part when <paramref name="PerToken"/>, else of one document.</param>
public sealed record OutputInfo(string? Name, TensorType DataType, bool PerToken, long BytesPerUnit);
