using MlCluster.Inference.Tokenization.PostProcessing;

namespace MlCluster.Inference.Tokenization.Json;

/// <summary>Reads the <c>post_processor</c> of a tokenizer.json.</summary>
internal static class PostProcessorReader
{
    /// <exception cref="ModelFormatException">A component is unknown or broken.</exception>
    public static Template Read(JsonPart part) => part.Type switch
    {
        "TemplateProcessing" => ReadTemplate(part),
        "BertProcessing" => ReadBert(part),
        "RobertaProcessing" => ReadRoberta(part),
        "Sequence" => ReadSequence(part),
        "ByteLevel" => Template.Plain with { Trimming = ReadTrimming(part) },
        _ => throw part.UnknownType(),
    };

    private static Template ReadSequence(JsonPart part)
    {
        var all = part.Required("processors").Items().Select(Read).ToList();
        var adding = all.FindAll(static t => t.Single != Template.Plain.Single);
        Refuse.Unless(adding.Count <= 1, $"{part.Path} has {adding.Count} processors that add tokens");
        var template = adding.Count == 0 ? Template.Plain : adding[0];
        return template with { Trimming = all.Find(static t => t.Trimming is not null)?.Trimming };
    }

    private static Template ReadBert(JsonPart part)
    {
        var (cls, sep) = (ReadTokenId(part.Required("cls")), ReadTokenId(part.Required("sep")));
        return new Template(
            [Template.Special(0, cls), Template.First(0), Template.Special(0, sep)],
            [
                Template.Special(0, cls), Template.First(0), Template.Special(0, sep),
                Template.Second(1), Template.Special(1, sep),
            ],
            OverflowTakesTypes: false);
    }

    private static Template ReadRoberta(JsonPart part)
    {
        var (cls, sep) = (ReadTokenId(part.Required("cls")), ReadTokenId(part.Required("sep")));
        return new Template(
            [Template.Special(0, cls), Template.First(0), Template.Special(0, sep)],
            [
                Template.Special(0, cls), Template.First(0), Template.Special(0, sep, sep),
                Template.Second(0), Template.Special(0, sep),
            ],
            OverflowTakesTypes: true)
        {
            Trimming = ReadTrimming(part),
        };
    }

    private static OffsetTrimming? ReadTrimming(JsonPart part) =>
        part.Flag("trim_offsets", byDefault: true)
            ? new OffsetTrimming(part.Flag("add_prefix_space", byDefault: true))
            : null;

    // A token and its id: ["[SEP]", 102].
    private static int ReadTokenId(JsonPart part)
    {
        var items = part.Items().ToList();
        Refuse.Unless(items.Count == 2, $"{part.Path} is not a token and its id");
        return items[1].AsCount();
    }

    private static Template ReadTemplate(JsonPart part)
    {
        var specials = part.Required("special_tokens");
        var single = ReadPieces(part.Required("single"), specials);
        var pair = ReadPieces(part.Required("pair"), specials);
        Refuse.Unless(TextsOf(single) is [false], $"{part.Path}.single does not hold the sequence A once and alone");
        Refuse.Unless(
            TextsOf(pair) is [false, true],
            $"{part.Path}.pair does not hold the sequences A and B once each, in order");
        return new Template(single, pair, OverflowTakesTypes: false);
    }

    private static bool[] TextsOf(IEnumerable<TemplatePiece> pieces) =>
        [.. pieces.Where(static p => p.SpecialIds is null).Select(static p => p.IsSecond)];

    private static List<TemplatePiece> ReadPieces(JsonPart part, JsonPart specials) =>
        [.. part.Items().Select(item => ReadPiece(item, specials))];

    private static TemplatePiece ReadPiece(JsonPart part, JsonPart specials)
    {
        if (part.TryGet("Sequence", out var sequence))
        {
            return new TemplatePiece(null, ReadSecond(sequence.Required("id")), ReadTypeId(sequence));
        }

        var token = part.Required("SpecialToken");
        var name = token.Required("id").AsString();
        var ids = specials.Required(name).Required("ids").Items().Select(static id => id.AsCount());
        return new TemplatePiece([.. ids], IsSecond: false, ReadTypeId(token));
    }

    private static bool ReadSecond(JsonPart id) => id.AsString() switch
    {
        "A" => false,
        "B" => true,
        var other => throw Refuse.Because($"{id.Path} is '{other}', neither A nor B"),
    };

    private static int ReadTypeId(JsonPart piece) => piece.Required("type_id").AsCount();
}
