namespace MlCluster.Inference.Onnx;

/// <summary>Where ONNX models run: on the GPU where ONNX Runtime can use it, which is tried once, else on the
/// processor.</summary>
/// <remarks>It has libraries of its own for CUDA: that libtorch runs on a GPU says nothing about it.</remarks>
/// <param name="devices">The machine's, the processor last.</param>
/// <param name="probe">Says why ONNX Runtime cannot use a GPU; null: it can.</param>
internal sealed class OnnxPlacement(IReadOnlyList<InferenceDevice> devices, Func<InferenceDevice, string?> probe)
{
    private readonly InferenceDevice _processor = devices[^1];

    private readonly Lazy<string?> _problem = new(() => devices.Count > 1 && probe(devices[0]) is { } problem
        ? $"ONNX models run on the processor, not on {devices[0].Name}: {problem}"
        : null);

    /// <summary>That and why no GPU is used though there is one; null: it is, or there is none.</summary>
    /// <remarks>The first caller waits for the try, which may take seconds.</remarks>
    public string? Problem => _problem.Value;

    /// <summary>Where a model is loaded that is wanted on a device.</summary>
    public InferenceDevice DeviceFor(InferenceDevice wanted) =>
        wanted == _processor || Problem is null ? wanted : _processor;
}
