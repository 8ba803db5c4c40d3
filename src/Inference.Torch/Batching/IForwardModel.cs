namespace MlCluster.Inference.Batching;

/// <summary>A loaded module as the scheduler sees it: managed arrays in, managed arrays out.</summary>
/// <remarks>
/// <see cref="Forward"/> is called on worker threads, concurrently unless the rehearsal said
/// <see cref="BatchingMode.Exclusive"/>.
/// </remarks>
internal interface IForwardModel : IDisposable
{
    /// <summary>Runs one forward and copies the wanted outputs out of the device.</summary>
    /// <param name="batch">Rows of token ids, padded to one width.</param>
    /// <param name="wanted">Called with name and position of each output; false: it is not copied.</param>
    /// <exception cref="InferenceException">The module threw or gave something that is not tensors.</exception>
    IReadOnlyList<BatchOutput> Forward(TokenBatch batch, Func<string?, int, bool> wanted);
}

/// <summary>Documents of one forward. Lengths leave room for a packed form.</summary>
/// <param name="Rows">Documents.</param>
/// <param name="Width">Tokens of the longest one.</param>
/// <param name="InputIds"><c>[Rows, Width]</c>, int64, row-major; padding is the tokenizer's pad id.</param>
/// <param name="AttentionMask"><c>[Rows, Width]</c>, int64: 1 for tokens, 0 for padding.</param>
/// <param name="Lengths">Tokens of each document.</param>
internal sealed record TokenBatch(int Rows, int Width, long[] InputIds, long[] AttentionMask, int[] Lengths)
{
    /// <summary>
    /// What the model takes beside these two, in the order of its parameters; each <c>[Rows, Width]</c>, int64.
    /// </summary>
    public IReadOnlyList<long[]> Columns { get; init; } = [];
}

/// <summary>One output of one forward, batch axis first as the model gave it.</summary>
/// <param name="Name">Key in the output dict; null for a bare tensor.</param>
/// <param name="Position">Index in the graph's own order.</param>
/// <param name="DataType">Element type.</param>
/// <param name="Shape">Sizes as the model gave them; the first is not always the number of rows.</param>
/// <param name="Data">Row-major, little-endian; empty when not wanted.</param>
internal sealed record BatchOutput(string? Name, int Position, TensorType DataType, long[] Shape, byte[] Data);
