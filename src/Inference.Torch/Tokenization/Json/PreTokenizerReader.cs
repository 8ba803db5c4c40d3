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
        "ByteLevel" => ReadByteLevel(part),
        "Metaspace" => ReadMetaspace(part),
        "Split" => new PatternPreTokenizer(
            new RegexPattern(PatternReader.Read(part.Required("pattern"))),
            part.Required("behavior").AsEnum<SplitBehavior>(),
            part.Required("invert").AsBoolean()),
        _ => throw part.UnknownType(),
    };

    private static PatternPreTokenizer ReadDelimiter(JsonPart part)
    {
        var delimiter = part.AsCharacter();
        return new PatternPreTokenizer(
            new CharacterPattern(rune => rune == delimiter), SplitBehavior.Removed, invert: false);
    }

    private static ByteLevelPreTokenizer ReadByteLevel(JsonPart part) => new(
        part.Required("add_prefix_space").AsBoolean(),
        part.Flag("use_regex", byDefault: true));

    private static MetaspacePreTokenizer ReadMetaspace(JsonPart part)
    {
        var scheme = part.TryGet("prepend_scheme", out var name) ? ReadScheme(name) : PrependScheme.Always;

        // Files before prepend_scheme. The reference refuses the contradiction too.
        Refuse.Unless(
            part.Flag("add_prefix_space", byDefault: true) || scheme == PrependScheme.Never,
            $"{part.Path}.add_prefix_space is false, but prepend_scheme is not 'never'");
        return new MetaspacePreTokenizer(
            part.Required("replacement").AsCharacter(),
            scheme,
            part.Flag("split", byDefault: true));
    }

    private static PrependScheme ReadScheme(JsonPart part) => part.AsString() switch
    {
        "first" => PrependScheme.First,
        "never" => PrependScheme.Never,
        "always" => PrependScheme.Always,
        var other => throw Refuse.Because($"{part.Path} is '{other}', neither first, never nor always"),
    };
}
