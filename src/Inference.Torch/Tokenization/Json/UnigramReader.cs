using System.Text.Json;
using MlCluster.Inference.Tokenization.Models;

namespace MlCluster.Inference.Tokenization.Json;

/// <summary>Reads a <c>model</c> of the type Unigram.</summary>
internal static class UnigramReader
{
    /// <exception cref="ModelFormatException">A member is missing or broken.</exception>
    public static UnigramModel Read(JsonPart part) => new(
        ReadPieces(part.Required("vocab")),
        part.TryGet("unk_id", out var unknown) ? unknown.AsCount() : null,
        part.Flag("byte_fallback", byDefault: false));

    private static List<(string Text, double Score)> ReadPieces(JsonPart part)
    {
        Refuse.Unless(part.Value.ValueKind == JsonValueKind.Array, $"{part.Path} is not an array");
        var pieces = new List<(string, double)>(part.Value.GetArrayLength());
        foreach (var item in part.Value.EnumerateArray())
        {
            // A path for each of a quarter of a million pieces would take longer than reading them.
            Refuse.Unless(
                item.ValueKind == JsonValueKind.Array && item.GetArrayLength() == 2
                    && item[0].ValueKind == JsonValueKind.String && item[1].ValueKind == JsonValueKind.Number
                    && double.IsFinite(item[1].GetDouble()),
                $"{part.Path}[{pieces.Count}] is not a piece and its score");
            pieces.Add((item[0].GetString()!, item[1].GetDouble()));
        }

        return pieces;
    }
}
