using MlCluster.Inference.Batching;
using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Rehearsing;

/// <summary>The forwards before a model serves: first ones cost a few times more than later ones.</summary>
/// <param name="Compile">The first of all, which compiles the graph; null: none is run.</param>
/// <param name="Worker">What each worker runs on its own thread after that.</param>
internal sealed record WarmUp(TokenBatch? Compile, IReadOnlyList<TokenBatch> Worker)
{
    private const int ShortTokens = 6;
    private const int MiddleTokens = 16;

    /// <summary>A short document, then a longer one, which has company where the model allows it.</summary>
    /// <remarks>
    /// A shape that was not seen before costs nothing extra. A model that would remember its forwards runs none.
    /// </remarks>
    public static WarmUp For(ModelFunction function, BatchingMode mode) => mode == BatchingMode.Exclusive
        ? new WarmUp(null, [])
        : new WarmUp(
            Batch(function, ShortTokens, 1),
            [Batch(function, MiddleTokens, mode == BatchingMode.OneByOne ? 1 : 2)]);

    private static TokenBatch Batch(ModelFunction function, int tokens, int rows) => BatchLayout.Pack(
        [.. Enumerable.Repeat(ProbeText.Document(function, tokens), rows)], function.Encoder.PadId);
}
