using MlCluster.Inference.Batching;

namespace MlCluster.Inference.Functions;

/// <summary>Stands where a function has no model: the tokens are the answer.</summary>
internal sealed class TokensOnlyModel : IForwardModel
{
    /// <summary>What a rehearsal would find out: nothing that one document does matters to another.</summary>
    public static RehearsalReport Report { get; } = new(BatchingMode.Padded, []);

    /// <inheritdoc/>
    public IReadOnlyList<BatchOutput> Forward(TokenBatch batch, Func<string?, int, bool> wanted) => [];

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
