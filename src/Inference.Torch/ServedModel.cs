using MlCluster.Inference.Batching;

namespace MlCluster.Inference;

/// <summary>A loaded model behind its scheduler.</summary>
internal sealed class ServedModel(
    InferenceDevice device, BatchingMode batching, int maxTokens, BatchScheduler scheduler) : IServedModel
{
    /// <inheritdoc/>
    public InferenceDevice Device => device;

    /// <inheritdoc/>
    public BatchingMode Batching => batching;

    /// <inheritdoc/>
    public int MaxTokens => maxTokens;

    /// <inheritdoc/>
    public Task<string> Failure => scheduler.Failure;

    /// <inheritdoc/>
    public ServingStatistics Statistics => scheduler.Statistics;

    /// <inheritdoc/>
    public Task<PredictionResult> PredictAsync(
        PredictionInput input, OutputFilter filter, CancellationToken cancellationToken) =>
        scheduler.PredictAsync(input, filter, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => scheduler.DisposeAsync();
}
