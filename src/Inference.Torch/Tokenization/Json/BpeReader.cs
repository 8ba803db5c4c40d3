using System.Text;
using System.Text.Json;
using MlCluster.Inference.Tokenization.Models;

namespace MlCluster.Inference.Tokenization.Json;

/// <summary>Reads a <c>model</c> of the type BPE.</summary>
internal static class BpeReader
{
    /// <exception cref="ModelFormatException">A member is missing or broken, or the model cuts by chance.</exception>
    public static BpeModel Read(JsonPart part)
    {
        Refuse.Unless(
            !part.TryGet("dropout", out var dropout) || dropout.AsNumber() == 0,
            $"model.dropout is not 0: the same text would give other tokens each time");
        return new BpeModel(
            VocabularyReader.Read(part.Required("vocab")),
            ReadMerges(part.Required("merges")),
            new BpeOptions
            {
                UnknownToken = part.TryGet("unk_token", out var unknown) ? unknown.AsString() : null,
                Prefix = ReadAffix(part, "continuing_subword_prefix"),
                Suffix = ReadAffix(part, "end_of_word_suffix"),
                FuseUnknown = part.Flag("fuse_unk", byDefault: false),
                ByteFallback = part.Flag("byte_fallback", byDefault: false),
                IgnoreMerges = part.Flag("ignore_merges", byDefault: false),
            });
    }

    // The reference counts a prefix once in characters and once in bytes.
    private static string ReadAffix(JsonPart part, string name)
    {
        var affix = part.TryGet(name, out var value) ? value.AsString() : "";
        Refuse.Unless(Ascii.IsValid(affix), $"model.{name} '{affix}' is not ASCII");
        return affix;
    }

    private static List<(string Left, string Right)> ReadMerges(JsonPart part)
    {
        var merges = new List<(string, string)>();
        foreach (var item in part.Items())
        {
            if (item.Value.ValueKind == JsonValueKind.Array)
            {
                merges.Add(ReadPair(item));
            }
            else if (item.AsString() is var line && !line.StartsWith("#version", StringComparison.Ordinal))
            {
                var tokens = line.Split(' ');
                Refuse.Unless(tokens.Length == 2, $"{item.Path} '{line}' is not two tokens with one space between");
                merges.Add((tokens[0], tokens[1]));
            }
        }

        return merges;
    }

    // Newer files: tokens may hold spaces there.
    private static (string Left, string Right) ReadPair(JsonPart part)
    {
        var tokens = part.Items().Select(static t => t.AsString()).ToArray();
        Refuse.Unless(tokens.Length == 2, $"{part.Path} has {tokens.Length} tokens, not two");
        return (tokens[0], tokens[1]);
    }
}
