using System.Runtime.InteropServices;

namespace MlCluster.Inference.Rehearsing;

/// <summary>Tells whether two answers for one document are the same.</summary>
internal static class AnswerComparison
{
    /// <summary>Largest difference, relative to max(1, |x|), that counts as the same answer.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>True when names, types and shapes are equal and every number is within the tolerance.</summary>
    public static bool Same(DocumentOutput one, DocumentOutput other) =>
        one.Tensors.Count == other.Tensors.Count && one.Tensors.Zip(other.Tensors, Same).All(same => same);

    private static bool Same(OutputTensor one, OutputTensor other)
    {
        if (one.Name != other.Name || one.DataType != other.DataType || !one.Shape.SequenceEqual(other.Shape))
        {
            return false;
        }

        var a = one.Data.Span;
        var b = other.Data.Span;
        return one.DataType switch
        {
            TensorType.Float32 => Close(MemoryMarshal.Cast<byte, float>(a), MemoryMarshal.Cast<byte, float>(b)),
            TensorType.Float64 => Close(MemoryMarshal.Cast<byte, double>(a), MemoryMarshal.Cast<byte, double>(b)),
            TensorType.Float16 => Close(MemoryMarshal.Cast<byte, Half>(a), MemoryMarshal.Cast<byte, Half>(b)),
            _ => a.SequenceEqual(b),
        };
    }

    private static bool Close<T>(ReadOnlySpan<T> one, ReadOnlySpan<T> other)
        where T : struct, System.Numerics.IFloatingPoint<T>
    {
        var same = one.Length == other.Length;
        for (var i = 0; same && i < one.Length; i++)
        {
            same = Close(double.CreateChecked(one[i]), double.CreateChecked(other[i]));
        }

        return same;
    }

    /// <summary>Equal covers infinities of one sign; two NaN are the same answer.</summary>
    private static bool Close(double one, double other) =>
        one.Equals(other) || Math.Abs(one - other) <= Tolerance * Math.Max(1, Math.Abs(one));
}
