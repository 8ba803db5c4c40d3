using System.Text.Json;
using MlCluster.Inference.Tokenization.Models;

namespace MlCluster.Inference.Tokenization.Json;

/// <summary>Reads the <c>model</c> of a tokenizer.json.</summary>
internal static class ModelReader
{
    /// <exception cref="ModelFormatException">The model is of an unsupported type or broken.</exception>
    public static ITokenModel Read(JsonPart part) => TypeOf(part) switch
    {
        "WordPiece" => ReadWordPiece(part),
        "BPE" => BpeReader.Read(part),
        "Unigram" => UnigramReader.Read(part),
        var type => throw Refuse.Because($"model has the unsupported type '{type}'"),
    };

    // Old files say no type; their members tell.
    private static string TypeOf(JsonPart part) =>
        part.TryGet("type", out var type) ? type.AsString()
        : part.TryGet("merges", out _) ? "BPE"
        : part.Required("vocab").Value.ValueKind == JsonValueKind.Array ? "Unigram"
        : "WordPiece";

    private static WordPieceModel ReadWordPiece(JsonPart part) => new(
        VocabularyReader.Read(part.Required("vocab")),
        part.Required("unk_token").AsString(),
        part.Required("continuing_subword_prefix").AsString(),
        part.Required("max_input_chars_per_word").AsCount());
}
