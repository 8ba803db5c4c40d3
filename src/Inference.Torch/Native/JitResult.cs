using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace MlCluster.Inference.Native;

/// <summary>Collects what one call of a module method gives: tensors, possibly in nested lists and tuples.</summary>
internal static unsafe class JitResult
{
    private const sbyte Nothing = 0;
    private const sbyte SingleScalar = 4;
    private const long TensorEntry = 0;
    private const long ScalarEntry = 4;

    [ThreadStatic]
    private static List<Block>? _blocks;

    /// <summary>Calls the method on this thread.</summary>
    /// <exception cref="InferenceException">The method threw, or gave something that is not tensors.</exception>
    public static List<torch.Tensor> Call(nint module, MethodName method, ReadOnlySpan<TensorOrScalar> arguments)
    {
        var blocks = _blocks ??= [];
        _ = BindingExports.TakeError();
        try
        {
            var kind = BindingExports.Invoke(module, method.ZeroEnded, arguments, &Allocate);
            var tensors = Collect(blocks, kind);
            return BindingExports.TakeError() is { } error ? throw new InferenceException(TorchErrors.Summarize(error))
                : kind == Nothing ? throw new InferenceException("forward gave something other than tensors")
                : tensors.Count == 0 ? throw new InferenceException("forward gave no tensors")
                : tensors;
        }
        finally
        {
            Free(blocks);
        }
    }

    /// <summary>Takes over every tensor and frees every number, also those of a result that is refused.</summary>
    /// <remarks>After a refusal the entries are not linked to each other, so every block is gone through.</remarks>
    private static List<torch.Tensor> Collect(List<Block> blocks, sbyte kind)
    {
        var tensors = new List<torch.Tensor>();
        for (var i = 0; i < (kind == Nothing ? blocks.Count : Math.Min(1, blocks.Count)); i++)
        {
            CollectBlock(blocks, i, kind, tensors);
        }

        return tensors;
    }

    private static void CollectBlock(List<Block> blocks, int index, sbyte kind, List<torch.Tensor> tensors)
    {
        foreach (ref readonly var entry in blocks[index].Entries)
        {
            if (entry.Handle is 0 or -1)
            {
                continue;
            }

            if (entry.TypeCode == ScalarEntry || kind == SingleScalar)
            {
                BindingExports.DisposeScalar(entry.Handle);
            }
            else if (entry.TypeCode == TensorEntry)
            {
                tensors.Add(torch.Tensor.UnsafeCreateTensor(entry.Handle));
            }
            else if (kind != Nothing)
            {
                CollectBlock(blocks, checked((int)entry.ArrayIndex), (sbyte)entry.TypeCode, tensors);
            }
        }
    }

    /// <summary>
    /// Called by libLibTorchSharp.so on the thread of the call; entries start as zero, that is empty.
    /// </summary>
    [UnmanagedCallersOnly]
    private static TensorOrScalar* Allocate(int index, nuint length)
    {
        _ = index;
        var start =
            (TensorOrScalar*)NativeMemory.AllocZeroed(Math.Max(length, 1), (nuint)Unsafe.SizeOf<TensorOrScalar>());
        _blocks!.Add(new Block(start, checked((int)length)));
        return start;
    }

    private static void Free(List<Block> blocks)
    {
        foreach (var block in blocks)
        {
            NativeMemory.Free(block.Start);
        }

        blocks.Clear();
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly struct Block(TensorOrScalar* start, int length)
    {
        public TensorOrScalar* Start { get; } = start;

        public ReadOnlySpan<TensorOrScalar> Entries => new(Start, length);
    }
}
