using TorchSharp;

namespace MlCluster.Inference.Pooling;

/// <summary>Turns token rows into one vector a document, as ML Commons does it for huggingface_transformers.</summary>
/// <remarks>
/// Formulas: https://github.com/opensearch-project/ml-commons, class HuggingfaceTextEmbeddingTranslator and DJL's
/// pooling. Padding never counts: a document's vector is the same alone and in a batch.
/// </remarks>
internal static class TokenPooling
{
    private const double LeastTokens = 1e-9;
    private const double MostTokens = 1e12;
    private const double BelowEveryValue = -1e9;
    private const double LeastNorm = 1e-12;

    /// <summary>Pools <paramref name="hidden"/>; the caller owns the result.</summary>
    /// <param name="hidden"><c>[batch, tokens, hidden]</c>, any floating type.</param>
    /// <param name="mask"><c>[batch, tokens]</c>, int64: 1 for tokens, 0 for padding.</param>
    /// <param name="mode">How.</param>
    /// <returns><c>[batch, hidden]</c>, float32.</returns>
    public static torch.Tensor Pool(torch.Tensor hidden, torch.Tensor mask, PoolingMode mode)
    {
        var rows = hidden.to_type(torch.ScalarType.Float32);
        return mode switch
        {
            PoolingMode.Mean => Sum(rows, mask) / Count(mask),
            PoolingMode.MeanSqrtLen => Sum(rows, mask) / Count(mask).sqrt(),
            PoolingMode.Max => rows.masked_fill(Padding(mask), BelowEveryValue).amax([1]),
            PoolingMode.WeightedMean => WeightedMean(rows, mask),
            PoolingMode.Cls => rows.select(1, 0),
            PoolingMode.LastToken => LastToken(rows, mask),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "not a way to pool token rows"),
        };
    }

    /// <summary>Divides by the L2 norm along a document's first axis: a vector by its length.</summary>
    /// <param name="vectors"><c>[batch, hidden]</c>, or <c>[batch, …]</c> where nothing was pooled; float32.</param>
    public static torch.Tensor Normalize(torch.Tensor vectors) =>
        vectors / vectors.norm(1, keepdim: true, p: 2).clamp_min(LeastNorm);

    /// <summary>
    /// Padding rows are set to zero, not multiplied by it: what they hold may be infinite or not a number.
    /// </summary>
    private static torch.Tensor Sum(torch.Tensor rows, torch.Tensor mask) =>
        rows.masked_fill(Padding(mask), 0).sum(1);

    private static torch.Tensor Count(torch.Tensor mask) =>
        mask.sum(1, keepdim: true).to_type(torch.ScalarType.Float32).clamp(LeastTokens, MostTokens);

    private static torch.Tensor Padding(torch.Tensor mask) => mask.eq(0).unsqueeze(-1);

    private static torch.Tensor WeightedMean(torch.Tensor rows, torch.Tensor mask)
    {
        var positions = torch.arange(1, rows.shape[1] + 1, dtype: torch.ScalarType.Float32, device: rows.device);
        var weights = mask * positions;
        return Sum(rows * weights.unsqueeze(-1), mask) / weights.sum(1, keepdim: true);
    }

    private static torch.Tensor LastToken(torch.Tensor rows, torch.Tensor mask)
    {
        var last = (mask.sum(1) - 1).clamp_min(0).view(-1, 1, 1).expand(-1, 1, rows.shape[2]);
        return rows.gather(1, last).squeeze(1);
    }
}
