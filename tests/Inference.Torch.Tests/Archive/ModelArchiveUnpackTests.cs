using MlCluster.Inference.Archive;

namespace MlCluster.Inference.Tests.Archive;

public sealed class ModelArchiveUnpackTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlcluster-unpack-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Unpack_GoodArchive_GivesExactlyTheTwoFiles()
    {
        var files = Unpack(ZipForge.Good().Add("config.json", "{}"));

        Assert.Equal("weights", File.ReadAllText(files.ModelFile!));
        Assert.Equal(ZipForge.Tokenizer, File.ReadAllText(files.TokenizerFile));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_folder, "out")).Length);
        Assert.Equal(["out", "zip"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Measure_GoodArchive_TellsWhatUnpackWrites()
    {
        var zip = ZipForge.Good().Add("idf.json", "{\"a\": 1.5}").Add("config.json", new string(' ', 1_000));
        Unpack(zip);

        var size = ModelArchive.Measure(Path.Combine(_folder, "zip"), ArchiveLimits.Default);

        var written = new DirectoryInfo(Path.Combine(_folder, "out")).EnumerateFiles().Sum(file => file.Length);
        Assert.Equal(new UnpackedSize("weights".Length, written), size);
    }

    [Fact]
    public void Measure_ModelPackedSmall_TellsItsUnpackedSize()
    {
        var path = Path.Combine(_folder, "zip");
        var zip = new ZipForge().Add("model.pt", new byte[3_000_000]).Add("tokenizer.json", ZipForge.Tokenizer);
        File.WriteAllBytes(path, zip.Build());

        Assert.InRange(new FileInfo(path).Length, 1, 100_000);
        Assert.Equal(3_000_000, ModelArchive.Measure(path, ArchiveLimits.Default).ModelBytes);
    }

    [Fact]
    public void Unpack_DirectoryThatExists_IsReplaced()
    {
        Unpack(ZipForge.Good());

        var files = Unpack(new ZipForge().Add("other.pt", "newer").Add("tokenizer.json", ZipForge.Tokenizer));

        Assert.Equal("newer", File.ReadAllText(files.ModelFile!));
    }

    [Fact]
    public void Unpack_DamagedArchive_LeavesNothingBehind()
    {
        var zip = ZipForge.Good().Add("another.pt", "x");
        Assert.Throws<ModelFormatException>(() => Unpack(zip));

        zip = new ZipForge().Add("model.pt", "x").Edit(member => member with { Crc = 7 }).Add("tokenizer.json", "{}");
        Assert.Throws<ModelFormatException>(() => Unpack(zip));

        zip = new ZipForge().Add("model.pt", "x").Add("tokenizer.json", "{}");
        Assert.Throws<ModelFormatException>(() => Unpack(zip));

        Assert.Equal(["zip"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Unpack_HostileNameOfTheModel_StaysInTheDirectory()
    {
        Assert.Throws<ModelFormatException>(
            () => Unpack(new ZipForge().Add("../evil.pt", "x").Add("tokenizer.json", ZipForge.Tokenizer)));

        Assert.Equal(["zip"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    private MlCluster.Inference.Archive.UnpackedArchive Unpack(ZipForge zip)
    {
        var path = Path.Combine(_folder, "zip");
        File.WriteAllBytes(path, zip.Build());
        return ModelArchive.Unpack(path, Path.Combine(_folder, "out"), ArchiveLimits.Default, CancellationToken.None);
    }
}
