using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlCluster.Inference.Batching;
using MlCluster.Inference.Native;
using MlCluster.Inference.Scripting;
using TorchSharp;

namespace MlCluster.Inference.Onnx;

/// <summary>Moves numbers between batches, ONNX Runtime and tensors.</summary>
internal static class OnnxTensors
{
    /// <summary>An input's value: the batch's own array where the type allows it. The caller disposes it.</summary>
    /// <returns><c>[rows, width]</c> of the input's type.</returns>
    public static OrtValue InputOf(BoundInput input, TokenBatch batch)
    {
        var values = input.Column switch
        {
            null => new long[batch.InputIds.Length],
            0 => batch.InputIds,
            1 => batch.AttentionMask,
            { } column => batch.Columns[column - CallForm.FewestInputs],
        };
        long[] shape = [batch.Rows, batch.Width];
        return input.Type switch
        {
            TensorElementType.Int64 => OrtValue.CreateTensorValueFromMemory(values, shape),
            TensorElementType.Int32 => OrtValue.CreateTensorValueFromMemory(
                Array.ConvertAll(values, static value => (int)value), shape),
            _ => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, static value => (float)value), shape),
        };
    }

    /// <summary>A copy of an output, on the processor.</summary>
    public static NamedTensor Copy(string name, OrtValue output)
    {
        var info = output.GetTensorTypeAndShape();
        return new NamedTensor(name, TypeOf(info.ElementDataType) is { } type
            ? TensorBytes.From(output.GetTensorMutableRawData(), info.Shape, type)
            : Unknown(info.Shape));
    }

    // Its shape alone is told: one element is there for all.
    private static torch.Tensor Unknown(long[] shape) =>
        torch.zeros(Array.Empty<long>(), torch.ScalarType.ComplexFloat32).expand(shape);

    /// <summary>Null: a type with no meaning for a client, such as texts.</summary>
    private static torch.ScalarType? TypeOf(TensorElementType type) => type switch
    {
        TensorElementType.Float => torch.ScalarType.Float32,
        TensorElementType.Double => torch.ScalarType.Float64,
        TensorElementType.Float16 => torch.ScalarType.Float16,
        TensorElementType.BFloat16 => torch.ScalarType.BFloat16,
        TensorElementType.UInt8 => torch.ScalarType.Byte,
        TensorElementType.Int8 => torch.ScalarType.Int8,
        TensorElementType.Int16 => torch.ScalarType.Int16,
        TensorElementType.Int32 => torch.ScalarType.Int32,
        TensorElementType.Int64 => torch.ScalarType.Int64,
        TensorElementType.Bool => torch.ScalarType.Bool,
        _ => null,
    };
}
