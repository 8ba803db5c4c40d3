using System.Runtime.InteropServices;

namespace MlCluster.Inference.Functions;

/// <summary>Reads outputs that are taken for numbers.</summary>
internal static class FloatOutput
{
    /// <summary>A tensor's numbers in single precision.</summary>
    /// <exception cref="InferenceException">They are no floating point numbers.</exception>
    public static float[] Read(OutputTensor tensor) => tensor.DataType switch
    {
        TensorType.Float32 => MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray(),
        TensorType.Float64 => Convert<double>(tensor, static v => (float)v),
        TensorType.Float16 => Convert<Half>(tensor, static v => (float)v),
        _ => throw new InferenceException(
            $"output {tensor.Name ?? "(nameless)"} is {tensor.DataType}; floating point numbers were expected"),
    };

    private static float[] Convert<T>(OutputTensor tensor, Func<T, float> convert)
        where T : unmanaged
    {
        var values = MemoryMarshal.Cast<byte, T>(tensor.Data.Span);
        var floats = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            floats[i] = convert(values[i]);
        }

        return floats;
    }
}
