using System.Runtime.InteropServices;
using MlCluster.Inference.Batching;
using MlCluster.Inference.Native;
using MlCluster.Inference.Scripting;
using TorchSharp;

namespace MlCluster.Inference;

/// <summary>A TorchScript model on a device.</summary>
/// <remarks>
/// Holds the module alone: each forward owns its tensors and has freed them when it returns. The tokenizer and the
/// scheduler are the caller's.
/// </remarks>
internal sealed class TorchScriptModel : IForwardModel
{
    private readonly JitModule _module;
    private readonly torch.Device _device;
    private readonly FunctionConfig _config;
    private readonly MethodName _method;
    private readonly MethodName? _namedMethod;
    private readonly bool _namesEachCall;
    private IReadOnlyList<string>? _names;

    private TorchScriptModel(
        JitModule module,
        torch.Device device,
        FunctionConfig config,
        CallableModule callable,
        bool namesEachCall)
    {
        _module = module;
        _device = device;
        _config = config;
        _namesEachCall = namesEachCall;
        _method = new MethodName(callable.Method);
        _namedMethod = callable.NamedMethod is { } named ? new MethodName(named) : null;
    }

    /// <summary>Loads an unpacked, checked TorchScript file.</summary>
    /// <param name="namesEachCall">
    /// Asks for the outputs' names in every forward, as a rehearsal has to: in service they are taken for the same as
    /// long as their number is.
    /// </param>
    /// <exception cref="ModelFormatException">Its forward does not fit the registered framework.</exception>
    /// <exception cref="InferenceException">libtorch cannot load it.</exception>
    public static TorchScriptModel Load(
        string modelFile, FunctionConfig config, InferenceDevice device, bool namesEachCall = false)
    {
        TorchRuntime.Start();
        TorchRuntime.PrepareWorkerThread();
        var callable = CallableModule.Prepare(modelFile, CallForm.Of(config));
        var place = DeviceList.Parse(device);
        return new TorchScriptModel(JitModule.Load(callable.Path, place), place, config, callable, namesEachCall);
    }

    /// <inheritdoc/>
    public IReadOnlyList<BatchOutput> Forward(TokenBatch batch, Func<string?, int, bool> wanted)
    {
        TorchRuntime.PrepareWorkerThread();
        try
        {
            using var scope = torch.NewDisposeScope();
            using var mode = torch.inference_mode();
            var shape = new long[] { batch.Rows, batch.Width };
            var ids = TensorBytes.FromInt64(batch.InputIds, shape, _device);
            var mask = TensorBytes.FromInt64(batch.AttentionMask, shape, _device);
            var outputs = Call(
                [ids, mask, .. batch.Columns.Select(column => TensorBytes.FromInt64(column, shape, _device))]);
            return ForwardOutputs.Of(outputs, mask, _config, wanted);
        }
        catch (ExternalException cause)
        {
            throw new InferenceException(TorchErrors.Summarize(cause.Message), cause);
        }
    }

    /// <summary>
    /// Gives the module's memory back to the system: now, or when the last forward under way returns.
    /// </summary>
    public void Dispose()
    {
        _module.Dispose();
        NativeHeap.GiveBack();
    }

    /// <summary>Names travel with the first call, and again when a model gives another number of outputs.</summary>
    private List<NamedTensor> Call(torch.Tensor[] arguments)
    {
        if (_namedMethod is null)
        {
            return [.. _module.Invoke(_method, arguments).Select(tensor => new NamedTensor(Name: null, tensor))];
        }

        if (!_namesEachCall && _names is { } names)
        {
            var tensors = _module.Invoke(_method, arguments);
            if (tensors.Count == names.Count)
            {
                return OutputNames.Join(names, tensors);
            }
        }

        var named = _module.Invoke(_namedMethod, arguments);
        var decoded = OutputNames.Decode(TensorBytes.Copy(named[^1], name: null));
        _names = decoded;
        return OutputNames.Join(decoded, named.Take(named.Count - 1));
    }
}
