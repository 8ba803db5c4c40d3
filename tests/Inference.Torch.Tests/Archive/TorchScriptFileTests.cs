using System.IO.Compression;
using System.Text;
using MlCluster.Inference.Archive.TorchScript;

namespace MlCluster.Inference.Tests.Archive;

public sealed class TorchScriptFileTests : IDisposable
{
    private static readonly string[] Refused = ["eager-save", "reads-file", "short-storage"];
    private readonly string _folder = Directory.CreateTempSubdirectory("mlcluster-pt-").FullName;

    public static TheoryData<string> Accepted
    {
        get
        {
            var names = Directory.GetFiles(Path.GetDirectoryName(TestData.Golden)!, "*.zip")
                .Select(path => Path.GetFileNameWithoutExtension(path)!)
                .Where(name => !Refused.Contains(name, StringComparer.Ordinal));
            return new TheoryData<string>(names);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Check_CommittedArchives_PassWhateverTheyDoLater(string name)
    {
        var info = CheckArchive(TestData.Archive(name));

        Assert.Equal(name, info.Root);
        Assert.StartsWith("__torch__.", info.ModuleType, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("models", "all-MiniLM-L6-v2_torchscript_sentence-transformer.zip")]
    [InlineData("models", "all-MiniLM-L6-v2_torchscript_huggingface.zip")]
    [InlineData("models", "tiny-embedding_torchscript_huggingface.zip")]
    [InlineData("models", "tiny-roberta-embedding_torchscript_huggingface.zip")]
    [InlineData("models", "tiny-cross-encoder_torchscript.zip")]
    [InlineData("models", "tiny-question-answering_torchscript.zip")]
    [InlineData("models", "tiny-sparse-encoder_torchscript.zip")]
    [InlineData("fixtures/ml-commons", "traced_small_model.zip")]
    [InlineData("fixtures/ml-commons", "sparse_demo.zip")]
    [InlineData("fixtures/ml-commons", "sentence_highlighting_qa_model_pt.zip")]
    [InlineData("fixtures/ml-commons", "mcorr.zip")]
    public void Check_RealModels_Pass(string folder, string name) =>
        Assert.NotEmpty(CheckArchive(TestData.Shared(folder, name)).ModuleType);

    [Fact]
    public void Check_MoreCodeThanAllowed_IsRefusedBeforeItIsRead()
    {
        var error = Assert.Throws<ModelFormatException>(() => CheckArchive(
            TestData.Archive("reads-file"), TorchScriptLimits.Default with { MaxTotalCodeBytes = 10 }));

        Assert.EndsWith("bytes of code; the limit is 10", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reads-file", "model.pt, code/__torch__.py, line ")]
    [InlineData("short-storage", "model.pt, data.pkl declares 5376 bytes for storage 0, but 64 are stored")]
    [InlineData("eager-save", "model.pt is not TorchScript: it was written by torch.save and has no code; export it")]
    public void Check_HarmfulModels_SayWhy(string name, string text)
    {
        var error = Assert.Throws<ModelFormatException>(() => CheckArchive(TestData.Archive(name)));

        Assert.StartsWith(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ReadsFile_NamesTheOperator()
    {
        var error = Assert.Throws<ModelFormatException>(() => CheckArchive(TestData.Archive("reads-file")));

        Assert.Contains("may not use the operator aten::from_file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_OldPickleOfTorchSave_IsRefused() =>
        Refuses([0x80, 2, 0x8a, 10], "model.pt is not TorchScript: it was written by torch.save");

    [Fact]
    public void Check_Text_IsNotAZip() => Refuses("not a model"u8.ToArray(), "model.pt is not a zip file");

    [Fact]
    public void Check_RootOnly_IsRefused() =>
        Refuses(
            new ZipForge().Add("data.pkl", "x", deflate: false).Build(), "model.pt is not TorchScript: its records");

    [Fact]
    public void Check_MobileFormat_IsRefused() =>
        Refuses(
            Stored(("m/bytecode.pkl", "x"), ("m/data.pkl", "x")),
            "model.pt is not TorchScript: it was saved for the mobile");

    [Fact]
    public void Check_LegacyFormat_IsRefused() =>
        Refuses(
            Edited(zip => zip.Add("m/Model.JSON", "{}", deflate: false)),
            "model.pt is not TorchScript: it has the format of");

    [Fact]
    public void Check_PackedTensor_IsRefused() =>
        Refuses(Edited(zip => zip.Add("m/data/99", new byte[100])), "model.pt has a packed record, m/data/99");

    [Fact]
    public void Check_PackedCode_IsRead() =>
        Refuses(
            Edited(zip => zip.Add("m/code/x.py", "torch.save(x, y)")),
            "model.pt, code/x.py, line 1: a model may not use the operator aten::save");

    [Theory]
    [InlineData("m/CODE/__torch__.PY")]
    [InlineData("m/data.PKL")]
    public void Check_NamesThatDifferInCaseAlone_AreOneToLibtorch(string name) =>
        Refuses(Edited(zip => zip.Add(name, "x", deflate: false)), $"model.pt has two records named {name}");

    [Theory]
    [InlineData("other/data.pkl")]
    [InlineData("m//data/7")]
    [InlineData("m\\code\\x.py")]
    [InlineData("m/./code/x.py")]
    public void Check_RecordOutsideItsFolder_IsRefused(string name) =>
        Refuses(Edited(zip => zip.Add(name, "x", deflate: false)), "model.pt has a record outside its folder m");

    [Theory]
    [InlineData("m/code/evil.txt", "model.pt is not TorchScript: code/evil.txt")]
    [InlineData("m/Extra/x.PY", "model.pt, Extra/x.PY, line 1: a model may not use the operator aten::save")]
    public void Check_CodeInOddPlaces_IsLookedAt(string name, string text) =>
        Refuses(Edited(zip => zip.Add(name, "torch.save(x, \"f\")", deflate: false)), text);

    [Fact]
    public void Check_VersionThatIsNoNumber_IsRefused() =>
        Refuses(
            Edited(zip => zip.Add("m/.data/version", "9x", deflate: false)), "model.pt is not TorchScript: its record");

    [Fact]
    public void Check_AnyByteOfThePicklesChanged_NeverEndsInAnotherException()
    {
        var source = ReadMembers("tiny-huggingface");
        var random = new Random(3);
        for (var i = 0; i < 500; i++)
        {
            var name = random.Next(2) == 0 ? "m/data.pkl" : "m/constants.pkl";
            var broken = new Dictionary<string, byte[]>(source, StringComparer.Ordinal)
            {
                [name] = (byte[])source[name].Clone(),
            };
            broken[name][random.Next(broken[name].Length)] = (byte)random.Next(256);
            var error = Record.Exception(() => CheckBytes(Build(broken)));
            Assert.True(error is null or ModelFormatException, $"round {i}: {error}");
        }
    }

    [Fact]
    public void Check_AnyByteOfTheFileChanged_NeverEndsInAnotherException()
    {
        var file = Build(ReadMembers("tiny-huggingface"));
        var random = new Random(4);
        for (var i = 0; i < 500; i++)
        {
            var broken = (byte[])file.Clone();
            broken[random.Next(broken.Length)] = (byte)random.Next(256);
            var error = Record.Exception(() => CheckBytes(broken));
            Assert.True(error is null or ModelFormatException, $"round {i}: {error}");
        }
    }

    private static byte[] Edited(Action<ZipForge> edit)
    {
        var zip = new ZipForge();
        foreach (var (name, data) in ReadMembers("tiny-huggingface"))
        {
            zip.Add(name, data, deflate: false);
        }

        edit(zip);
        return zip.Build();
    }

    private static byte[] Build(Dictionary<string, byte[]> members)
    {
        var zip = new ZipForge();
        foreach (var (name, data) in members)
        {
            zip.Add(name, data, deflate: false);
        }

        return zip.Build();
    }

    private static byte[] Stored(params (string Name, string Text)[] members) =>
        Build(members.ToDictionary(
            member => member.Name, member => Encoding.UTF8.GetBytes(member.Text), StringComparer.Ordinal));

    private static Dictionary<string, byte[]> ReadMembers(string name)
    {
        using var outer = ZipFile.OpenRead(TestData.Archive(name));
        using var model = new MemoryStream();
        using (var packed = outer.GetEntry(name + ".pt")!.Open())
        {
            packed.CopyTo(model);
        }

        using var inner = new ZipArchive(model);
        return inner.Entries.ToDictionary(
            entry => "m" + entry.FullName[entry.FullName.IndexOf('/', StringComparison.Ordinal)..],
            ReadEntry,
            StringComparer.Ordinal);
    }

    private static byte[] ReadEntry(ZipArchiveEntry entry)
    {
        using var bytes = entry.Open();
        using var copy = new MemoryStream();
        bytes.CopyTo(copy);
        return copy.ToArray();
    }

    private void Refuses(byte[] file, string text)
    {
        var error = Assert.Throws<ModelFormatException>(() => CheckBytes(file));
        Assert.StartsWith(text, error.Message, StringComparison.Ordinal);
    }

    private TorchScriptInfo CheckArchive(string zip, TorchScriptLimits? limits = null)
    {
        // Some fixtures hold no tokenizer, so the model is taken out by other means than Unpack.
        using var outer = ZipFile.OpenRead(zip);
        var path = Path.Combine(_folder, "model.pt");
        outer.Entries.Single(entry => entry.Name.EndsWith(".pt", StringComparison.Ordinal))
            .ExtractToFile(path, overwrite: true);
        return TorchScriptFile.Check(path, limits ?? TorchScriptLimits.Default, CancellationToken.None);
    }

    private TorchScriptInfo CheckBytes(byte[] file)
    {
        var path = Path.Combine(_folder, "model.pt");
        File.WriteAllBytes(path, file);
        return TorchScriptFile.Check(path, TorchScriptLimits.Default, CancellationToken.None);
    }
}
