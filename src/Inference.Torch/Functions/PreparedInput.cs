using MlCluster.Inference.Tokenization;

namespace MlCluster.Inference.Functions;

/// <summary>A call's input with what all its documents share, made once.</summary>
internal sealed class PreparedInput(PredictionInput input)
{
    private int[]? _queryIds;

    /// <summary>What the caller sent.</summary>
    public PredictionInput Input => input;

    /// <summary>Documents.</summary>
    public IReadOnlyList<string> Texts => input.Texts;

    /// <summary>The query's tokens. Two threads may make them at the same time: they come to the same.</summary>
    public int[] QueryIds(Func<string, TextDeadline, int[]> tokenize, TextDeadline deadline) =>
        _queryIds ??= tokenize(input.Query!, deadline);
}
