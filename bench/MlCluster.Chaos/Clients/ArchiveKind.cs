using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace MlCluster.Chaos.Clients;

/// <summary>An archive with the vectors that the reference libraries give for some texts.</summary>
/// <param name="Name">File without extension.</param>
/// <param name="Config">JSON of its <c>model_config</c>.</param>
/// <param name="Vectors">By text.</param>
internal sealed record ArchiveKind(
    string Name, byte[] Bytes, string Config, IReadOnlyDictionary<string, float[]> Vectors)
{
    private const double Tolerance = 1e-4;

    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Bytes));

    public IReadOnlyList<string> Texts { get; } = [.. Vectors.Keys];

    /// <summary>The two good ones of the repository.</summary>
    public static IReadOnlyList<ArchiveKind> ReadAll(string folder) =>
    [
        Read(folder, "tiny-sentence-transformer", "sentence_transformers", golden => golden["vector"]!),
        Read(folder, "tiny-huggingface", "huggingface_transformers", golden => golden["huggingface"]!["mean"]!),
    ];

    /// <summary>Null: equal.</summary>
    public string? Difference(string text, IReadOnlyList<float> actual)
    {
        var expected = Vectors[text];
        var worst = expected.Length == actual.Count ? expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max() : float.NaN;
        return worst <= Tolerance ? null : $"[{text}] gives [{string.Join(", ", actual)}], {worst} off";
    }

    private static ArchiveKind Read(
        string folder, string name, string framework, Func<JsonNode, JsonNode> vectorOf)
    {
        var pooling = framework.StartsWith("hugging", StringComparison.Ordinal)
            ? ""","pooling_mode":"mean","normalize_result":false"""
            : "";
        var config = $$"""{"model_type":"bert","embedding_dimension":8,"framework_type":"{{framework}}"{{pooling}}}""";
        var vectors = File.ReadLines(Path.Combine(folder, "golden.jsonl"))
            .Select(line => JsonNode.Parse(line)!)
            .DistinctBy(golden => (string)golden["text"]!)
            .ToDictionary(g => (string)g["text"]!, g => Numbers(vectorOf(g)), StringComparer.Ordinal);
        return new ArchiveKind(name, File.ReadAllBytes(Path.Combine(folder, name + ".zip")), config, vectors);
    }

    private static float[] Numbers(JsonNode array) => [.. array.AsArray().Select(v => (float)v!)];
}
