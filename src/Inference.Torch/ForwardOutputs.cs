using MlCluster.Inference.Batching;
using MlCluster.Inference.Native;
using MlCluster.Inference.Pooling;
using MlCluster.Inference.Scripting;
using TorchSharp;

namespace MlCluster.Inference;

/// <summary>
/// What a graph gives on its way out of the engine: pooled where the server pools, copied where wanted.
/// </summary>
internal static class ForwardOutputs
{
    /// <summary>The outputs of one forward.</summary>
    /// <param name="outputs">What the graph gave, in its own order; at least one.</param>
    /// <param name="mask"><c>[batch, tokens]</c>, int64: 1 for tokens, 0 for padding.</param>
    /// <param name="config">What the model is for.</param>
    /// <param name="wanted">Called with name and position of each output; false: it is not copied.</param>
    /// <exception cref="InferenceException">An output cannot be pooled, or is too large to be sent.</exception>
    public static IReadOnlyList<BatchOutput> Of(
        List<NamedTensor> outputs, torch.Tensor mask, FunctionConfig config, Func<string?, int, bool> wanted) =>
        config.IsPooledHere
            ? [Copy(ServerPooling.Embed(outputs, mask, config), 0, wanted)]
            : [.. outputs.Select((output, position) => Copy(output, position, wanted))];

    private static BatchOutput Copy(NamedTensor output, int position, Func<string?, int, bool> wanted)
    {
        var type = TensorBytes.TypeOf(output.Tensor);
        var data = wanted(output.Name, position) ? TensorBytes.Copy(output.Tensor, output.Name) : [];
        return new BatchOutput(output.Name, position, type, output.Tensor.shape, data);
    }
}
