using System.Text.Json;
using MlCluster.Inference;

namespace MlCluster.Node.Ml.Serving;

/// <summary>What routing and profile call a batching mode.</summary>
internal static class BatchingWord
{
    /// <summary><c>padded</c>, <c>equal_length</c>, <c>one_by_one</c>, <c>exclusive</c>.</summary>
    public static string Of(BatchingMode mode) => JsonNamingPolicy.SnakeCaseLower.ConvertName(mode.ToString());
}
