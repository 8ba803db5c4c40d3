using MlCluster.Inference.Pooling;

namespace MlCluster.Inference.Tests.Pooling;

public sealed class ServerPoolingTests
{
    [Theory]
    [InlineData(PoolingMode.Mean, 1, "pooler_output", "last_hidden_state", "sentence_embedding")]
    [InlineData(PoolingMode.Mean, 0, "a", "b")]
    [InlineData(PoolingMode.Mean, 0, null, null)]
    [InlineData(PoolingMode.None, 2, "last_hidden_state", "pooler_output", "sentence_embedding")]
    [InlineData(PoolingMode.None, 0, "pooler_output", "last_hidden_state")]
    [InlineData(PoolingMode.None, 1, "a", "b", "c")]
    [InlineData(PoolingMode.None, 1, null, null, null)]
    [InlineData(PoolingMode.None, 0, "last_hidden_state")]
    [InlineData(PoolingMode.None, 0, new string?[] { null })]
    public void Choose_Names_TakesTheOneToPoolOrToAnswer(PoolingMode mode, int expected, params string?[] names) =>
        Assert.Equal(expected, ServerPooling.Choose(names, mode));
}
