using MlCluster.Inference.Archive;

namespace MlCluster.Inference.Tests.Archive;

/// <summary>Archives of functions that have no model: the tokenizer, and weights of its tokens if there are any.</summary>
public sealed class ArchiveWithoutModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlcluster-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Check_TokenizerAlone_IsEnough()
    {
        using var zip = new MemoryStream(WithIdf("""{"a":2}""").Build());

        Assert.Null(Check(zip, needsModel: false).ModelMember);
    }

    [Fact]
    public void Check_TokenizerAloneWhereAModelIsNeeded_IsRefused()
    {
        using var zip = new MemoryStream(WithIdf("""{"a":2}""").Build());

        var error = Assert.Throws<ModelFormatException>(() => Check(zip, needsModel: true));

        Assert.StartsWith("Can't find model file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_IdfThatIsNoTable_IsRefused()
    {
        using var zip = new MemoryStream(WithIdf("[1]").Build());

        var error = Assert.Throws<ModelFormatException>(() => Check(zip, needsModel: false));

        Assert.StartsWith("idf.json is not a table of token weights", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unpack_TokenizerAlone_PutsTheWeightsBesideIt()
    {
        var path = Path.Combine(_folder, "zip");
        File.WriteAllBytes(path, WithIdf("""{"a":2}""").Build());

        var files = ModelArchive.Unpack(
            path, Path.Combine(_folder, "out"), ArchiveLimits.Default, CancellationToken.None, ArchiveNeeds.Anything);

        Assert.Null(files.ModelFile);
        Assert.Equal(
            """{"a":2}""", File.ReadAllText(Path.Combine(Path.GetDirectoryName(files.TokenizerFile)!, "idf.json")));
    }

    private static ZipForge WithIdf(string idf) =>
        new ZipForge().Add("tokenizer.json", ZipForge.Tokenizer).Add("idf.json", idf);

    private static ArchiveContents Check(Stream zip, bool needsModel) =>
        ModelArchive.Check(
            zip, ArchiveLimits.Default, CancellationToken.None, new ArchiveNeeds(Model: needsModel));
}
