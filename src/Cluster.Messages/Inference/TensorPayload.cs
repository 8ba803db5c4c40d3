namespace MlCluster.Messages.Inference;

/// <summary>One tensor of one document.</summary>
/// <param name="Name">Null for a model that returns a bare tensor.</param>
/// <param name="DataType">Element type, OpenSearch's names.</param>
/// <param name="Shape">Sizes, no batch axis.</param>
/// <param name="Data">Row-major, little-endian; empty when not asked for, or the type is unknown.</param>
/// <param name="Content">An answer that is no numbers; then type, shape and data say nothing. Null: numbers.</param>
public sealed record TensorPayload(
    string? Name,
    TensorDataType DataType,
    IReadOnlyList<long> Shape,
    ReadOnlyMemory<byte> Data,
    TensorContent? Content = null);

/// <summary>An answer that is no numbers; one of the three is there.</summary>
/// <param name="Weights">Of tokens.</param>
/// <param name="Text">The answer to a question.</param>
/// <param name="Highlights">Sentences of a context.</param>
public sealed record TensorContent(
    TokenWeightList? Weights = null, string? Text = null, HighlightList? Highlights = null);

/// <summary>Tokens, each once, with as many weights.</summary>
public sealed record TokenWeightList(IReadOnlyList<string> Tokens, IReadOnlyList<float> Weights);

/// <summary>Sentences in the order of their context.</summary>
public sealed record HighlightList(IReadOnlyList<Highlight> Items);

/// <summary>One sentence.</summary>
/// <param name="Position">Which of the context's sentences, counted from 0.</param>
/// <param name="Start">Its first character, in UTF-16 units.</param>
/// <param name="End">The one after its last.</param>
public sealed record Highlight(string Text, int Position, int Start, int End);

/// <summary>Element types; names as OpenSearch prints them when upper-cased.</summary>
public enum TensorDataType
{
    Float32 = 0,
    Float64 = 1,
    Float16 = 2,
    UInt8 = 3,
    Int8 = 4,
    Int32 = 5,
    Int64 = 6,
    Boolean = 7,

    /// <summary>One without a name of its own, such as complex numbers: there is no data.</summary>
    Unknown = 8,
}
