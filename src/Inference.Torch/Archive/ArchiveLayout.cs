using MlCluster.Inference.Archive.Zip;
using MlCluster.Inference.Functions;

namespace MlCluster.Inference.Archive;

/// <summary>Finds the members that matter (contract 11.2).</summary>
/// <param name="Model">The one model, in whatever folder; null: there is none, and none is needed.</param>
/// <param name="Tokenizer"><c>tokenizer.json</c> at the root.</param>
/// <param name="Idf"><c>idf.json</c> at the root; null: there is none.</param>
internal sealed record ArchiveLayout(ZipMember? Model, ZipMember Tokenizer, ZipMember? Idf)
{
    public const string TokenizerName = "tokenizer.json";

    /// <summary>Picks them from the directory.</summary>
    /// <exception cref="ModelFormatException">
    /// One is missing, there are two models, or one of another format.
    /// </exception>
    public static ArchiveLayout Find(IReadOnlyList<ZipMember> members, ArchiveLimits limits, ArchiveNeeds needs)
    {
        var files = members.Where(member => !member.IsFolder && !MemberRules.IsMacOsJunk(member.Name)).ToList();
        return new ArchiveLayout(FindModel(files, needs), FindTokenizer(files, limits), FindIdf(files, limits));
    }

    private static ZipMember? FindModel(List<ZipMember> files, ArchiveNeeds needs)
    {
        var models = files.FindAll(member => ModelFormats.OfFile(member.Name) is not null);
        var other = models.Find(member => ModelFormats.Problem(needs.Format, member.Name) is not null);
        var problem = other is not null ? ModelFormats.Problem(needs.Format, other.Name)
            : models.Count switch
            {
                0 => needs.Model ? ModelFormats.Problem(needs.Format, file: null) : null,
                1 => null,
                _ => "Find multiple model files, but expected only one: "
                    + string.Join(", ", models.Take(5).Select(member => member.Name)),
            };
        return problem is null ? models.FirstOrDefault() : throw new ModelFormatException(problem);
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
}
