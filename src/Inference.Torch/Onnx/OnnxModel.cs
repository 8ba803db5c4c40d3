using Microsoft.ML.OnnxRuntime;
using MlCluster.Inference.Batching;
using MlCluster.Inference.Native;
using MlCluster.Inference.Pooling;
using MlCluster.Inference.Scripting;
using TorchSharp;

namespace MlCluster.Inference.Onnx;

/// <summary>An ONNX model on a device.</summary>
/// <remarks>
/// Holds the session alone: each forward owns its values and has freed them when it returns. Pooling is libtorch's, as
/// for every other model.
/// </remarks>
internal sealed class OnnxModel : IForwardModel
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly FunctionConfig _config;
    private readonly IReadOnlyList<BoundInput> _inputs;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;

    private OnnxModel(InferenceSession session, FunctionConfig config)
    {
        _session = session;
        _config = config;
        _inputs = OnnxInputs.Bind([.. session.InputNames.Select(InputOf)], config);
        _inputNames = [.. _inputs.Select(input => input.Name)];
        _outputNames = Outputs();
    }

    /// <summary>Loads an unpacked, checked ONNX file.</summary>
    /// <exception cref="ModelFormatException">The graph does not fit the registered function.</exception>
    /// <exception cref="InferenceException">ONNX Runtime cannot load it.</exception>
    public static OnnxModel Load(string modelFile, FunctionConfig config, InferenceDevice device)
    {
        TorchRuntime.Start();
        InferenceSession? session = null;
        try
        {
            using var options = OnnxEnvironment.OptionsFor(device);
            session = NativeHeap.Load(() => new InferenceSession(modelFile, options));
            return new OnnxModel(session, config);
        }
        catch (OnnxRuntimeException cause)
        {
            session?.Dispose();
            throw new InferenceException($"the model does not load: {OnnxErrors.Summarize(cause.Message)}", cause);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<BatchOutput> Forward(TokenBatch batch, Func<string?, int, bool> wanted)
    {
        TorchRuntime.PrepareWorkerThread();
        try
        {
            using var scope = torch.NewDisposeScope();
            using var mode = torch.inference_mode();
            return ForwardOutputs.Of(Run(batch), MaskOf(batch), _config, wanted);
        }
        catch (OnnxRuntimeException cause)
        {
            throw new InferenceException(OnnxErrors.Summarize(cause.Message), cause);
        }
    }

    /// <summary>Gives the session's memory back to the system; no forward may be under way.</summary>
    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
        NativeHeap.GiveBack();
    }

    private List<NamedTensor> Run(TokenBatch batch)
    {
        var inputs = new List<OrtValue>(_inputs.Count);
        try
        {
            inputs.AddRange(_inputs.Select(input => OnnxTensors.InputOf(input, batch)));
            using var outputs = _session.Run(_run, _inputNames, inputs, _outputNames);
            return [.. _outputNames.Zip(outputs, OnnxTensors.Copy)];
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }

    private static torch.Tensor MaskOf(TokenBatch batch) =>
        TensorBytes.FromInt64(batch.AttentionMask, [batch.Rows, batch.Width], torch.CPU);

    private GraphInput InputOf(string name)
    {
        var input = _session.InputMetadata[name];
        return input.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
            ? new GraphInput(name, input.ElementDataType, RankOf(input))
            : throw NoTensor("input", name, input);
    }

    // No shape and no axes are told in the same way.
    private static int? RankOf(NodeMetadata input) => input.Dimensions.Length == 0 ? null : input.Dimensions.Length;

    /// <summary>In the graph's own order; where the server pools, the one that it pools.</summary>
    private string[] Outputs()
    {
        var names = _session.OutputNames.ToArray();
        string[] wanted = _config.IsPooledHere ? [names[ServerPooling.Choose(names, _config.Pooling)]] : names;
        return Array.Find(wanted, name => !_session.OutputMetadata[name].IsTensor) is { } other
            ? throw NoTensor("output", other, _session.OutputMetadata[other])
            : wanted;
    }

    private static ModelFormatException NoTensor(string what, string name, NodeMetadata found) =>
        new($"the graph's {what} {name} is {found.OnnxValueType}; it must be a tensor");
}
