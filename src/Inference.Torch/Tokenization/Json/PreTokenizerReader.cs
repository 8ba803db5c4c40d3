using System.Text;
using MlCluster.Inference.Tokenization.PreTokenization;

namespace MlCluster.Inference.Tokenization.Json;

/// <summary>Reads the <c>pre_tokenizer</c> of a tokenizer.json.</summary>
internal static class PreTokenizerReader
{
    /// <exception cref="ModelFormatException">A component is unknown or broken.</exception>
    public static IPreTokenizer Read(JsonPart part) => part.Type switch
    {
        "Sequence" => new SequencePreTokenizer([.. part.Required("pretokenizers").Items().Select(Read)]),
        "BertPreTokenizer" => CharacterPreTokenizer.Bert,
        "Whitespace" => CharacterPreTokenizer.WordsAndSymbols,
        "WhitespaceSplit" => CharacterPreTokenizer.WhiteSpaceSplit,
        "Digits" => part.Required("individual_digits").AsBoolean()
            ? CharacterPreTokenizer.IndividualDigits
            : CharacterPreTokenizer.Digits,
        "Punctuation" => new PatternPreTokenizer(
            CharacterPattern.Punctuation,
            part.TryGet("behavior", out var behavior) ? behavior.AsEnum<SplitBehavior>() : SplitBehavior.Isolated,
            invert: false),
        "CharDelimiterSplit" => ReadDelimiter(part.Required("delimiter")),
        "Split" => new PatternPreTokenizer(
            new RegexPattern(PatternReader.Read(part.Required("pattern"))),
            part.Required("behavior").AsEnum<SplitBehavior>(),
            part.Required("invert").AsBoolean()),
        _ => throw part.UnknownType(),
    };

    private static PatternPreTokenizer ReadDelimiter(JsonPart part)
    {
        var text = part.AsString();
        return Rune.TryGetRuneAt(text.Length > 0 ? text : "\uD800", 0, out var delimiter)
            && delimiter.Utf16SequenceLength == text.Length
            ? new PatternPreTokenizer(
                new CharacterPattern(rune => rune == delimiter), SplitBehavior.Removed, invert: false)
            : throw Refuse.Because($"{part.Path} is not one character");
    }
}
