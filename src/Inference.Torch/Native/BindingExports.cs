using System.Runtime.InteropServices;

namespace MlCluster.Inference.Native;

/// <summary>The functions of libLibTorchSharp.so and libtorch that are called without TorchSharp's wrappers.</summary>
/// <remarks>TorchSharp's ScriptModule never frees the module it loaded; these exports do.</remarks>
internal static unsafe class BindingExports
{
    private static nint _load;
    private static nint _eval;
    private static nint _invoke;
    private static nint _disposeModule;
    private static nint _disposeScalar;
    private static nint _lastError;
    private static nint _setGraphExecutorOptimize;

    public static void Bind(NativeLibraries libraries)
    {
        _load = NativeLibrary.GetExport(libraries.Binding, "THSJIT_load");
        _eval = NativeLibrary.GetExport(libraries.Binding, "THSJIT_Module_eval");
        _invoke = NativeLibrary.GetExport(libraries.Binding, "THSJIT_Module_invoke");
        _disposeModule = NativeLibrary.GetExport(libraries.Binding, "THSJIT_Module_dispose");
        _disposeScalar = NativeLibrary.GetExport(libraries.Binding, "THSTorch_dispose_scalar");
        _lastError = NativeLibrary.GetExport(libraries.Binding, "THSTorch_get_and_reset_last_err");

        // Not part of any stable interface: absent in another libtorch, everything works without it.
        NativeLibrary.TryGetExport(
            libraries.Torch, "_ZN5torch3jit24setGraphExecutorOptimizeEb", out _setGraphExecutorOptimize);
    }

    public static nint Load(string path, long deviceType, long deviceIndex)
    {
        var text = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            return ((delegate* unmanaged<nint, long, long, nint>)_load)(text, deviceType, deviceIndex);
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    public static void Eval(nint module) => ((delegate* unmanaged<nint, void>)_eval)(module);

    /// <summary>
    /// Calls a method of a module; results arrive in arrays that <paramref name="allocate"/> hands out.
    /// </summary>
    public static sbyte Invoke(
        nint module,
        ReadOnlySpan<byte> zeroEndedName,
        ReadOnlySpan<TensorOrScalar> arguments,
        delegate* unmanaged<int, nuint, TensorOrScalar*> allocate)
    {
        sbyte typeCode;
        fixed (byte* name = zeroEndedName)
        fixed (TensorOrScalar* values = arguments)
        {
            ((delegate* unmanaged<nint, byte*, TensorOrScalar*, int,
                delegate* unmanaged<int, nuint, TensorOrScalar*>, sbyte*, int, void>)_invoke)(
                module, name, values, arguments.Length, allocate, &typeCode, 0);
        }

        return typeCode;
    }

    public static void DisposeModule(nint module) => ((delegate* unmanaged<nint, void>)_disposeModule)(module);

    public static void DisposeScalar(nint scalar) => ((delegate* unmanaged<nint, void>)_disposeScalar)(scalar);

    /// <summary>The error of the last call on this thread, which is forgotten then; null: there was none.</summary>
    public static string? TakeError()
    {
        var text = ((delegate* unmanaged<byte*>)_lastError)();
        if (text is null)
        {
            return null;
        }

        var message = Marshal.PtrToStringUTF8((nint)text);
        NativeMemory.Free(text);
        return message;
    }

    /// <summary>Switches the profiling executor off for this thread, where libtorch lets us.</summary>
    public static void KeepGraphsAsTheyAre()
    {
        if (_setGraphExecutorOptimize != 0)
        {
            ((delegate* unmanaged<byte, void>)_setGraphExecutorOptimize)(0);
        }
    }
}

/// <summary>A value that goes into or comes out of a module, as libLibTorchSharp.so lays it out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TensorOrScalar
{
    public long TypeCode;
    public long ArrayIndex;
    public nint Handle;
}
