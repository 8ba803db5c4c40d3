using MlCluster.Inference.Archive.Zip;
using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Archive;

/// <summary>Finds the members that matter (contract 11.2).</summary>
/// <param name="Model">The one <c>.pt</c>, in whatever folder; null: there is none, and none is needed.</param>
/// <param name="Tokenizer"><c>tokenizer.json</c> at the root.</param>
/// <param name="Idf"><c>idf.json</c> at the root; null: there is none.</param>
internal sealed record ArchiveLayout(ZipMember? Model, ZipMember Tokenizer, ZipMember? Idf)
{
    public const string TokenizerName = "tokenizer.json";

    /// <summary>Picks them from the directory.</summary>
    /// <exception cref="ModelFormatException">
    /// One is missing, there are two models, or one of another format.
    /// </exception>
    /// <param name="needsModel">False: the tokenizer alone may serve.</param>
    public static ArchiveLayout Find(IReadOnlyList<ZipMember> members, ArchiveLimits limits, bool needsModel)
    {
        var files = members.Where(member => !member.IsFolder && !MemberRules.IsMacOsJunk(member.Name)).ToList();
        var models = files.Where(member => HasExtension(member, ".pt")).ToList();
        if (files.Find(member => HasExtension(member, ".onnx")) is { } onnx)
        {
            throw new ModelFormatException(
                $"Model format is TORCH_SCRIPT, but find .onnx file: {onnx.Name}; export the model with torch.jit");
        }

        var model = models.Count switch
        {
            1 => models[0],
            0 when !needsModel => null,
            0 => throw new ModelFormatException(
                "Can't find model file: the archive must hold one file that ends with .pt"),
            _ => throw new ModelFormatException(
                "Find multiple model files, but expected only one: "
                + string.Join(", ", models.Take(5).Select(member => member.Name))),
        };
        return new ArchiveLayout(model, FindTokenizer(files, limits), FindIdf(files, limits));
    }

    private static ZipMember? FindIdf(List<ZipMember> files, ArchiveLimits limits) =>
        files.Find(static member => member.Name == IdfTable.FileName) is { } idf ? Limited(idf, limits) : null;

    private static ZipMember FindTokenizer(List<ZipMember> files, ArchiveLimits limits)
    {
        var tokenizer = files.Find(member => member.Name == TokenizerName)
            ?? throw new ModelFormatException(
                "No tokenizer file: tokenizer.json must lie at the archive's root"
                + (files.Find(member => Path.GetFileName(member.Name) == TokenizerName) is { } other
                    ? $", not at {other.Name}"
                    : string.Empty));
        return Limited(tokenizer, limits);
    }

    private static ZipMember Limited(ZipMember member, ArchiveLimits limits) =>
        member.Bytes <= limits.MaxTokenizerBytes
            ? member
            : throw new ModelFormatException(
                $"{member.Name} has {member.Bytes} bytes; the limit is {limits.MaxTokenizerBytes}");

    private static bool HasExtension(ZipMember member, string extension) =>
        member.Name.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
