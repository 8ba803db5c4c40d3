using System.Text;
using MlCluster.Inference.Tokenization.Normalization;

namespace MlCluster.Inference.Tokenization.Json;

/// <summary>Reads the <c>normalizer</c> of a tokenizer.json.</summary>
internal static class NormalizerReader
{
    /// <exception cref="ModelFormatException">A component is unknown or broken.</exception>
    public static INormalizer Read(JsonPart part) => part.Type switch
    {
        "Sequence" => new SequenceNormalizer([.. part.Required("normalizers").Items().Select(Read)]),
        "BertNormalizer" => ReadBert(part),
        "Lowercase" => new LowercaseNormalizer(),
        "StripAccents" => new StripAccentsNormalizer(),
        "Strip" => new StripNormalizer(
            part.Required("strip_left").AsBoolean(), part.Required("strip_right").AsBoolean()),
        "Prepend" => new PrependNormalizer(part.Required("prepend").AsString()),
        "Replace" => new ReplaceNormalizer(
            PatternReader.Read(part.Required("pattern")), part.Required("content").AsString()),
        "Precompiled" => ReadPrecompiled(part.Required("precompiled_charsmap")),
        "NFC" => ReadForm(part, NormalizationForm.FormC),
        "NFD" => ReadForm(part, NormalizationForm.FormD),
        "NFKC" => ReadForm(part, NormalizationForm.FormKC),
        "NFKD" => ReadForm(part, NormalizationForm.FormKD),
        _ => throw part.UnknownType(),
    };

    private static BertNormalizer ReadBert(JsonPart part)
    {
        var lowercase = part.Required("lowercase").AsBoolean();
        return new BertNormalizer(
            part.Required("clean_text").AsBoolean(),
            part.Required("handle_chinese_chars").AsBoolean(),
            part.TryGet("strip_accents", out var strip) ? strip.AsBoolean() : lowercase,
            lowercase);
    }

    private static PrecompiledNormalizer ReadPrecompiled(JsonPart part)
    {
        var text = part.AsString();
        var table = new byte[text.Length];
        Refuse.Unless(Convert.TryFromBase64String(text, table, out var size), $"{part.Path} is not base64");
        return new PrecompiledNormalizer(new CharsMap(table.AsSpan(0, size)));
    }

    private static UnicodeFormNormalizer ReadForm(JsonPart part, NormalizationForm form) =>
        UnicodeFormNormalizer.IsSupported
            ? new UnicodeFormNormalizer(form)
            : throw Refuse.Because(
                $"{part.Path} has the type '{part.Type}', which needs ICU; "
                + "this process runs without (InvariantGlobalization)");
}
