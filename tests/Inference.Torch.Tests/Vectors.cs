using System.Runtime.InteropServices;
using MlCluster.Inference.Batching;

namespace MlCluster.Inference.Tests;

/// <summary>Reads and compares vectors.</summary>
internal static class Vectors
{
    /// <summary>One document's part of an output whose first axis is the batch.</summary>
    public static float[] Row(BatchOutput output, int row)
    {
        var values = MemoryMarshal.Cast<byte, float>(output.Data);
        var width = values.Length / (int)output.Shape[0];
        return values.Slice(row * width, width).ToArray();
    }

    /// <summary>
    /// Asserts that every number is within <paramref name="tolerance"/> and the direction is the same.
    /// </summary>
    public static void AssertClose(
        IReadOnlyList<float> expected, IReadOnlyList<float> actual, string what, double tolerance = 1e-4)
    {
        Assert.True(expected.Count == actual.Count, $"{what}: {actual.Count} numbers instead of {expected.Count}");
        var worst = expected.Zip(actual, (one, other) => Math.Abs(one - other)).Max();
        Assert.True(worst <= tolerance, $"{what}: off by {worst}");
        Assert.True(Cosine(expected, actual) >= 0.99999, $"{what}: cosine {Cosine(expected, actual)}");
    }

    private static double Cosine(IReadOnlyList<float> one, IReadOnlyList<float> other)
    {
        double Dot(IReadOnlyList<float> a, IReadOnlyList<float> b) => a.Zip(b, (x, y) => (double)x * y).Sum();
        return Dot(one, other) / Math.Sqrt(Dot(one, one) * Dot(other, other));
    }
}
