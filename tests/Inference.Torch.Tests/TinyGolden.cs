using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlCluster.Inference.Tests;

/// <summary>One line of <c>tests/archives/golden.jsonl</c>.</summary>
internal sealed record TinyGolden(
    [property: JsonPropertyName("text")] string Text,
    [property: JsonPropertyName("ids")] int[] Ids,
    [property: JsonPropertyName("vector")] float[] Vector,
    [property: JsonPropertyName("huggingface")] IReadOnlyDictionary<string, float[]> Huggingface)
{
    public static IReadOnlyList<TinyGolden> All { get; } =
        [.. File.ReadLines(TestData.Golden).Select(line => JsonSerializer.Deserialize<TinyGolden>(line)!)];
}
