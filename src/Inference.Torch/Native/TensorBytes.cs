using System.Runtime.InteropServices;
using TorchSharp;

namespace MlCluster.Inference.Native;

/// <summary>Moves numbers between managed arrays and tensors.</summary>
internal static class TensorBytes
{
    /// <summary>An int64 tensor on a device that holds a copy of <paramref name="values"/>.</summary>
    /// <param name="values">Row-major.</param>
    /// <param name="shape">Sizes, <c>[rows, width]</c>.</param>
    /// <param name="device">Where it lies.</param>
    public static torch.Tensor FromInt64(ReadOnlySpan<long> values, ReadOnlySpan<long> shape, torch.Device device)
    {
        var tensor = torch.empty(shape, torch.ScalarType.Int64);
        MemoryMarshal.AsBytes(values).CopyTo(tensor.bytes);
        return device.type == DeviceType.CPU ? tensor : tensor.to(device);
    }

    /// <summary>A tensor on the processor that holds a copy of row-major bytes.</summary>
    public static torch.Tensor From(ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape, torch.ScalarType type)
    {
        var tensor = torch.empty(shape, type);
        if (bytes.Length > 0)
        {
            bytes.CopyTo(tensor.bytes);
        }

        return tensor;
    }

    /// <summary>
    /// The type in which a tensor leaves the engine; where a wider one holds the same numbers, that is it.
    /// </summary>
    public static TensorType TypeOf(torch.Tensor tensor) => tensor.dtype switch
    {
        torch.ScalarType.Float32 or torch.ScalarType.BFloat16 => TensorType.Float32,
        torch.ScalarType.Float64 => TensorType.Float64,
        torch.ScalarType.Float16 => TensorType.Float16,
        torch.ScalarType.Byte => TensorType.UInt8,
        torch.ScalarType.Int8 => TensorType.Int8,
        torch.ScalarType.Int16 or torch.ScalarType.Int32 => TensorType.Int32,
        torch.ScalarType.Int64 => TensorType.Int64,
        torch.ScalarType.Bool => TensorType.Boolean,
        // Complex and quantized numbers: the tensor is told of, so that it does not cost the others.
        _ => TensorType.Unknown,
    };

    /// <summary>
    /// Copies a tensor out of its device: row-major, little-endian, elements of <see cref="TypeOf"/>; nothing of an
    /// unknown type.
    /// </summary>
    /// <exception cref="InferenceException">More than 2 GiB.</exception>
    public static byte[] Copy(torch.Tensor tensor, string? name)
    {
        var type = TypeOf(tensor);
        if (tensor.numel() == 0 || type == TensorType.Unknown)
        {
            return [];
        }

        var plain = tensor.is_sparse ? tensor.to_dense() : tensor;
        var packed = plain.to_type(ScalarTypeOf(type)).cpu().contiguous();
        var bytes = packed.numel() * packed.element_size();
        return bytes <= Array.MaxLength ? packed.bytes.ToArray() : throw new InferenceException(
            $"output {name ?? "0"} has {bytes} bytes; at most {Array.MaxLength} can be sent: "
            + "send fewer documents at once");
    }

    private static torch.ScalarType ScalarTypeOf(TensorType type) => type switch
    {
        TensorType.Float32 => torch.ScalarType.Float32,
        TensorType.Float64 => torch.ScalarType.Float64,
        TensorType.Float16 => torch.ScalarType.Float16,
        TensorType.UInt8 => torch.ScalarType.Byte,
        TensorType.Int8 => torch.ScalarType.Int8,
        TensorType.Int32 => torch.ScalarType.Int32,
        TensorType.Int64 => torch.ScalarType.Int64,
        _ => torch.ScalarType.Bool,
    };
}
