using MlCluster.Inference.Archive;

namespace MlCluster.Inference.Tests.Archive;

public sealed class ModelArchiveCheckTests
{
    [Fact]
    public void Check_GoodArchive_TellsItsTwoMembers()
    {
        var contents = Check(ZipForge.Good()
            .Add("1_Pooling/", string.Empty, deflate: false)
            .Add("1_Pooling/config.json", "{}"));

        var tokenizer = ZipForge.Tokenizer.Length;
        Assert.Equal(new ArchiveContents("model.pt", 7, "tokenizer.json", tokenizer, tokenizer + 9), contents);
    }

    [Fact]
    public void Check_MacOsForksAndFoldersAndZip64_AreTolerated()
    {
        var zip = new ZipForge()
            .Add("./deep/model.pt", "weights", deflate: false)
            .Add("__MACOSX/deep/._model.pt", "fork")
            .Add("tokenizer.json", ZipForge.Tokenizer);

        Assert.Equal("deep/model.pt", Check(zip.Build(zip64: true)).ModelMember);
    }

    [Fact]
    public void Check_CommittedArchives_AllPass()
    {
        var archives = Directory.GetFiles(Path.GetDirectoryName(TestData.Golden)!, "*.zip");

        Assert.NotEmpty(archives);
        Assert.All(archives, path => Assert.EndsWith(".pt", CheckFile(path).ModelMember, StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData("models", "all-MiniLM-L6-v2_torchscript_sentence-transformer.zip", 91_048_317)]
    [InlineData("models", "all-MiniLM-L6-v2_torchscript_huggingface.zip", 91_049_095)]
    [InlineData("models", "tiny-roberta-embedding_torchscript_huggingface.zip", 6_641_256)]
    [InlineData("fixtures/ml-commons", "traced_small_model.zip", 798_627)]
    [InlineData("fixtures/ml-commons", "sentence_highlighting_qa_model_pt.zip", 1_958_518)]
    [InlineData("fixtures/ml-commons", "sparse_demo.zip", 2_147)]
    public void Check_RealArchives_Pass(string folder, string name, long modelBytes) =>
        Assert.Equal(modelBytes, CheckFile(TestData.Shared(folder, name)).ModelBytes);

    [SkippableTheory]
    [InlineData(
        "fixtures/ml-commons", "wrong_zip_with_2_pt_file.zip", "Find multiple model files, but expected only one")]
    [InlineData("fixtures/ml-commons", "tokenize-demo.zip", "Can't find model file")]
    [InlineData("fixtures/ml-commons", "foo.zip", "Can't find model file")]
    [InlineData("fixtures/ml-commons", "mcorr.zip", "No tokenizer file")]
    [InlineData("models", "tiny-embedding_onnx.zip", "Model format is TORCH_SCRIPT, but find .onnx file")]
    public void Check_RealArchivesThatCannotBeServed_BeginWithTheContractsText(string folder, string name, string text)
    {
        var path = TestData.Shared(folder, name);

        var error = Assert.Throws<ModelFormatException>(() => CheckFile(path));

        Assert.StartsWith(text, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Find multiple model files, but expected only one", "a.pt", "b.pt", "tokenizer.json")]
    [InlineData("Find multiple model files, but expected only one", "a.pt", "deep/b.pt", "tokenizer.json")]
    [InlineData("Can't find model file", "tokenizer.json")]
    [InlineData("Can't find model file", "model.bin", "tokenizer.json")]
    [InlineData("No tokenizer file", "model.pt")]
    [InlineData("No tokenizer file", "model.pt", "vocab.txt")]
    [InlineData("Model format is TORCH_SCRIPT, but find .onnx file", "model.onnx", "tokenizer.json")]
    public void Check_MembersThatCannotBeServed_BeginsWithTheContractsText(string text, params string[] members)
    {
        var zip = new ZipForge();
        foreach (var member in members)
        {
            zip.Add(member, member == "tokenizer.json" ? ZipForge.Tokenizer : "x");
        }

        Refused(zip, text);
    }

    [Fact]
    public void Check_TokenizerInAFolder_SaysWhereItMustBe() =>
        Refused(
            new ZipForge().Add("m/model.pt", "weights").Add("m/tokenizer.json", ZipForge.Tokenizer),
            "No tokenizer file: tokenizer.json must lie at the archive's root, not at m/tokenizer.json");

    [Theory]
    [InlineData("lib.jar")]
    [InlineData("Evil.class")]
    [InlineData("native/libx.SO")]
    [InlineData("libx.so.1.2")]
    [InlineData("x.dylib")]
    [InlineData("x.dll")]
    [InlineData("setup.exe")]
    public void Check_ExecutableMember_IsRefusedByName(string name) =>
        Refused(ZipForge.Good().Add(name, "x"), $"Model archive contains a disallowed executable file: {name}");

    [Theory]
    [InlineData("engine=PyTorch\ntranslatorFactory=com.evil.Factory\n", true)]
    [InlineData("engine=PyTorch\ntranslatorFactory=ai.djl.huggingface.TextEmbeddingTranslatorFactory\n", false)]
    public void Check_ServingProperties_MayOnlyNameTheEnginesOwnClasses(string text, bool refused)
    {
        var zip = ZipForge.Good().Add("serving.properties", text);

        var error = Record.Exception(() => Check(zip));

        Assert.Equal(refused, error is ModelFormatException);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("[1]")]
    [InlineData("""{"version": "1.0"}""")]
    [InlineData("""{"model": "WordPiece"}""")]
    [InlineData("""{"added_tokens": [{"model": {}}]}""")]
    [InlineData("""{"model": {}""")]
    [InlineData("")]
    public void Check_TokenizerThatIsNotOne_IsRefused(string json) =>
        Refused(new ZipForge().Add("model.pt", "x").Add("tokenizer.json", json), "tokenizer.json is not a tokenizer: ");

    [Fact]
    public void Check_TokenizerLongerThanTheBuffer_IsReadInPieces()
    {
        var numbers = string.Join(',', Enumerable.Range(0, 50_000));
        var json = $$"""{"padding": "{{new string('x', 300_000)}}", "numbers": [{{numbers}}], "model": {"a": 1} }""";

        var contents = Check(new ZipForge().Add("model.pt", "x").Add("tokenizer.json", json));

        Assert.Equal(json.Length, contents.TokenizerBytes);
    }

    [Fact]
    public void Check_TokenizerOverTheLimit_NamesTheLimit()
    {
        var limits = ArchiveLimits.Default with { MaxTokenizerBytes = 10 };

        var error = Assert.Throws<ModelFormatException>(() => Check(ZipForge.Good().Build(), limits));

        Assert.Equal($"tokenizer.json has {ZipForge.Tokenizer.Length} bytes; the limit is 10", error.Message);
    }

    [Fact]
    public void Check_FourGigabytes_AreRefusedBeforeAnythingIsRead()
    {
        using var huge = new HugeStream(4L << 30);

        var error = Assert.Throws<ModelFormatException>(
            () => ModelArchive.Check(huge, ArchiveLimits.Default, CancellationToken.None));

        Assert.Equal("Model file size exceeds the limit of 4GB: 4294967296", error.Message);
    }

    [Fact]
    public void Check_Cancelled_Stops()
    {
        using var zip = new MemoryStream(ZipForge.Good().Build());

        Assert.Throws<OperationCanceledException>(
            () => ModelArchive.Check(zip, ArchiveLimits.Default, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Check_ChunkedStream_IsReadFrontToBackAfterItsEnd()
    {
        var noise = new byte[3_000_000];
        new Random(1).NextBytes(noise);
        using var zip =
            new SeekCounter(ZipForge.Good().Add("a.bin", noise).Add("b.bin", noise, deflate: false).Build());

        ModelArchive.Check(zip, ArchiveLimits.Default, CancellationToken.None);

        Assert.InRange(zip.BackwardSeeks, 0, 2);
        Assert.InRange(zip.BytesRead, 0, zip.Length + 200_000);
    }

    internal static ArchiveContents Check(ZipForge zip) => Check(zip.Build());

    internal static ArchiveContents Check(byte[] zip, ArchiveLimits? limits = null)
    {
        using var stream = new MemoryStream(zip);
        return ModelArchive.Check(stream, limits ?? ArchiveLimits.Default, CancellationToken.None);
    }

    internal static void Refused(ZipForge zip, string text) => Refused(zip.Build(), text);

    internal static void Refused(byte[] zip, string text)
    {
        var error = Assert.Throws<ModelFormatException>(() => Check(zip));
        Assert.StartsWith(text, error.Message, StringComparison.Ordinal);
    }

    private static ArchiveContents CheckFile(string path)
    {
        using var zip = File.OpenRead(path);
        return ModelArchive.Check(zip, ArchiveLimits.Default, CancellationToken.None);
    }

    private sealed class HugeStream(long length) : MemoryStream
    {
        public override long Length => length;

        public override int Read(byte[] buffer, int offset, int count) => throw new InvalidOperationException("read");
    }

    private sealed class SeekCounter(byte[] bytes) : MemoryStream(bytes)
    {
        public int BackwardSeeks { get; private set; }

        public long BytesRead { get; private set; }

        public override long Position
        {
            get => base.Position;
            set => Seek(value, SeekOrigin.Begin);
        }

        public override long Seek(long offset, SeekOrigin loc)
        {
            var before = base.Position;
            var after = base.Seek(offset, loc);
            BackwardSeeks += after < before ? 1 : 0;
            return after;
        }

        // MemoryStream sends the reads of derived classes through here, those into spans too.
        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = base.Read(buffer, offset, count);
            BytesRead += read;
            return read;
        }
    }
}
