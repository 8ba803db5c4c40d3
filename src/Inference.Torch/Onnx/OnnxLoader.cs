using MlCluster.Inference.Batching;

namespace MlCluster.Inference.Onnx;

/// <summary>ONNX on ONNX Runtime.</summary>
/// <param name="processor">Where models run that the build has no provider for.</param>
internal sealed class OnnxLoader(InferenceDevice processor) : IModelLoader
{
    /// <inheritdoc/>
    /// <remarks>A build for the processor serves ONNX there, also beside TorchScript on a GPU.</remarks>
    public InferenceDevice DeviceFor(InferenceDevice wanted) =>
        wanted == processor || OnnxEnvironment.HasCuda() ? wanted : processor;

    /// <inheritdoc/>
    public IForwardModel Load(string modelFile, FunctionConfig config, InferenceDevice device, bool rehearses) =>
        OnnxModel.Load(modelFile, config, device);

    /// <inheritdoc/>
    /// <remarks>A graph has no state; one that draws random numbers shows it in the rehearsal.</remarks>
    public bool WritesState(string modelFile) => false;
}
