using System.Text.Json.Nodes;

namespace MlCluster.Integration.Tests.Support;

/// <summary>Texts with the vectors that the reference libraries give.</summary>
public sealed record GoldenAnswer(string Text, float[] Vector)
{
    /// <summary>Those of <c>tiny-sentence-transformer.zip</c>.</summary>
    public static IReadOnlyList<GoldenAnswer> Tiny() => Read(Repository.TinyArchive("golden.jsonl"), "vector");

    /// <summary>Reads a file of one object a line.</summary>
    public static IReadOnlyList<GoldenAnswer> Read(string file, string member) =>
        [.. File.ReadLines(file).Select(l => JsonNode.Parse(l)!).Select(n => new GoldenAnswer(
            (string)n["text"]!, [.. n[member]!.AsArray().Select(v => (float)v!)]))];

    /// <summary>Within 1e-4 absolute and cosine ≥ 0.99999.</summary>
    public void AssertEqual(float[] actual)
    {
        Assert.Equal(Vector.Length, actual.Length);
        foreach (var (expected, found) in Vector.Zip(actual))
        {
            Assert.Equal(expected, found, 1e-4f);
        }

        Assert.True(Cosine(Vector, actual) >= 0.99999, $"cosine {Cosine(Vector, actual)} for [{Text}]");
    }

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)x * y).Sum()
        / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
}
