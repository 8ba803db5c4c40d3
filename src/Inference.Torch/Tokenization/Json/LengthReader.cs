using System.Text.Json;
using MlCluster.Inference.Tokenization.PostProcessing;

namespace MlCluster.Inference.Tokenization.Json;

/// <summary>Reads <c>truncation</c> and <c>padding</c> of a tokenizer.json.</summary>
internal static class LengthReader
{
    private const int LongestPadding = 1 << 20;

    /// <summary>Reads the truncation and holds it against the template.</summary>
    /// <remarks>The reference does not truncate at all, or ends the process, with the lengths refused here.</remarks>
    /// <exception cref="ModelFormatException">It leaves no room for text.</exception>
    public static Truncation ReadTruncation(JsonPart part, Template template)
    {
        var truncation = new Truncation(
            part.Required("max_length").AsCount(),
            part.Required("stride").AsCount(),
            part.Required("strategy").AsEnum<TruncationStrategy>(),
            ReadSide(part));
        var specials = Math.Max(template.SingleSpecials, template.PairSpecials);
        Refuse.Unless(
            truncation.MaxLength >= specials,
            $"truncation.max_length {truncation.MaxLength} is less than the {specials} special tokens");
        Refuse.Unless(
            truncation.Stride == 0 || truncation.Stride < truncation.MaxLength - specials,
            $"truncation.stride {truncation.Stride} is not less than max_length without special tokens");
        return truncation;
    }

    /// <exception cref="ModelFormatException">A member is missing or broken.</exception>
    public static Padding ReadPadding(JsonPart part)
    {
        var fixedLength = ReadFixedLength(part.Required("strategy"));
        var multiple = part.TryGet("pad_to_multiple_of", out var m) ? m.AsCount() : 0;
        Refuse.Unless(
            fixedLength is null or <= LongestPadding && multiple <= LongestPadding,
            $"padding asks for more than {LongestPadding} tokens");
        return new Padding(
            fixedLength,
            multiple,
            ReadSide(part),
            part.Required("pad_id").AsCount(),
            part.Required("pad_type_id").AsCount());
    }

    // "BatchLongest", or {"Fixed": 128}.
    private static int? ReadFixedLength(JsonPart part)
    {
        if (part.Value.ValueKind == JsonValueKind.Object)
        {
            return part.Required("Fixed").AsCount();
        }

        var name = part.AsString();
        Refuse.Unless(name == "BatchLongest", $"{part.Path} is '{name}', neither BatchLongest nor Fixed");
        return null;
    }

    private static Side ReadSide(JsonPart part) =>
        part.TryGet("direction", out var direction) ? direction.AsEnum<Side>() : Side.Right;
}
