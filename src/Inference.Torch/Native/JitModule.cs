using System.Runtime.InteropServices;
using TorchSharp;

namespace MlCluster.Inference.Native;

/// <summary>Owns a TorchScript module; <see cref="SafeHandle.Dispose()"/> gives its memory back at once.</summary>
/// <remarks>As a safe handle it stays valid until the last call that is under way has returned.</remarks>
internal sealed class JitModule : SafeHandle
{
    private JitModule(nint handle)
        : base(invalidHandleValue: 0, ownsHandle: true) => SetHandle(handle);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Loads a module on a device and puts it into inference mode.</summary>
    /// <remarks>The file must have been checked and rehearsed: a hostile one can end the process here.</remarks>
    /// <exception cref="InferenceException">libtorch refused the file.</exception>
    public static JitModule Load(string path, torch.Device device)
    {
        _ = BindingExports.TakeError();
        var module = NativeHeap.Load(
            () => new JitModule(BindingExports.Load(path, (long)device.type, device.index)));
        ThrowOnError("the model does not load");
        BindingExports.Eval(module.handle);
        ThrowOnError("the model cannot be put into inference mode");
        return module;
    }

    /// <summary>
    /// Calls a method with tensors; gives the tensors of its result, nested ones in order of appearance.
    /// </summary>
    /// <remarks>The caller owns the result: call it inside a dispose scope.</remarks>
    /// <exception cref="InferenceException">The method threw, or gave something that is not tensors.</exception>
    public IReadOnlyList<torch.Tensor> Invoke(MethodName method, ReadOnlySpan<torch.Tensor> arguments)
    {
        Span<TensorOrScalar> values = stackalloc TensorOrScalar[arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            values[i] = new TensorOrScalar { Handle = arguments[i].Handle };
        }

        var held = false;
        try
        {
            DangerousAddRef(ref held);
            return JitResult.Call(handle, method, values);
        }
        finally
        {
            if (held)
            {
                DangerousRelease();
            }
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        BindingExports.DisposeModule(handle);
        return true;
    }

    private static void ThrowOnError(string what)
    {
        if (BindingExports.TakeError() is { } error)
        {
            throw new InferenceException($"{what}: {TorchErrors.Summarize(error)}");
        }
    }
}
