using MlCluster.Inference.Archive;
using MlCluster.Inference.Archive.Zip;

namespace MlCluster.Inference.Tests.Archive;

/// <summary>Zips that mean harm, or two things at once.</summary>
public sealed class HostileZipTests
{
    [Theory]
    [InlineData("../model2.txt")]
    [InlineData("a/../../x")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\windows\\x")]
    [InlineData("..\\x")]
    public void Check_NameThatLeavesTheArchive_IsRefused(string name) =>
        Refused(ZipForge.Good().Add(name, "x"), $"Model archive has a member that leaves the archive: {name}");

    [Fact]
    public void Check_NameWithNul_IsRefused() =>
        Refused(ZipForge.Good().Add("a\0b", "x"), "Model archive has a member whose name is empty or holds control");

    [Fact]
    public void Check_SymbolicLink_IsRefused() =>
        Refused(
            ZipForge.Good().Add("weights.bin", "/etc/passwd").Edit(member => member with { Mode = 0xA1FF }),
            "Model archive contains a symbolic link: weights.bin");

    [Fact]
    public void Check_NamedPipe_IsRefused() =>
        Refused(
            ZipForge.Good().Add("pipe", string.Empty).Edit(member => member with { Mode = 0x11FF }),
            "Model archive contains a device or pipe: pipe");

    [Fact]
    public void Check_TwoMembersOfOneName_AreRefused() =>
        Refused(
            ZipForge.Good().Add("./tokenizer.json", ZipForge.Tokenizer),
            "Model archive has two members named tokenizer.json");

    [Fact]
    public void Check_ThousandToOne_IsABomb()
    {
        var bomb = new ZipForge().Add("model.pt", new byte[20_000_000]).Add("tokenizer.json", ZipForge.Tokenizer);

        Refused(bomb, "Model archive looks like a zip bomb: model.pt unpacks from ");
    }

    [Fact]
    public void Check_ThreeGigabytesInThreeMegabytes_AreRefusedByTheDirectoryAlone()
    {
        var packed = new byte[3_000_000];
        var bomb = ZipForge.Good().Add("big.bin", packed, deflate: false)
            .Edit(member => member with { Method = ZipMember.Deflated, Size = 3_000_000_000 });

        Refused(bomb, "Model archive looks like a zip bomb: big.bin unpacks from 3000000 to 3000000000 bytes");
    }

    [Fact]
    public void Check_ManySmallBombs_AreJudgedTogether()
    {
        var zip = ZipForge.Good();
        for (var i = 0; i < 20; i++)
        {
            zip.Add($"{i}.bin", new byte[4_000_000]);
        }

        Refused(zip, "Model archive looks like a zip bomb: the whole unpacks from ");
    }

    [Fact]
    public void Check_UnpackedTotalOverTheLimit_IsRefused()
    {
        var limits = ArchiveLimits.Default with { MaxUnpackedBytes = 50 };

        var error = Assert.Throws<ModelFormatException>(
            () => ModelArchiveCheckTests.Check(ZipForge.Good().Build(), limits));

        Assert.StartsWith("Model archive unpacks to more than 50 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_OverlappingMembers_AreRefused()
    {
        var quine = ZipForge.Good().Add("a.bin", new byte[1000], deflate: false)
            .Add("b.bin", new byte[10], deflate: false).Edit(member => member with { Offset = 300 });

        Refused(quine, "Model archive has overlapping members");
    }

    [Fact]
    public void Check_SharedLocalHeader_IsRefused()
    {
        var zip = new ZipForge().Add("model.pt", "x").Add("tokenizer.json", ZipForge.Tokenizer)
            .Add("copy.bin", "x").Edit(member => member with { Offset = 0 });

        Refused(zip, "Model archive has overlapping members");
    }

    [Theory]
    [InlineData(100)]
    [InlineData(6)]
    public void Check_DirectoryThatLiesAboutTheSize_IsFoundWhileInflating(long claimed)
    {
        var zip = ZipForge.Good().Add("a.bin", "ten bytes.").Edit(member => member with { Size = claimed });

        Refused(zip, "Model archive has a directory that lies: a.bin does not have the");
    }

    [Fact]
    public void Check_StoredMemberWithTwoSizes_IsRefused() =>
        Refused(
            ZipForge.Good().Add("a.bin", "x", deflate: false).Edit(member => member with { Size = 500 }),
            "Model archive has a directory that lies: a.bin is stored");

    [Fact]
    public void Check_LocalHeaderOfAnotherName_IsRefused() =>
        Refused(
            ZipForge.Good().Add("a.bin", "x").Edit(member => member with { LocalName = "b.bin" }),
            "Model archive has a directory that lies: the header of a.bin");

    [Fact]
    public void Check_WrongCrc_IsRefused() =>
        Refused(
            ZipForge.Good().Add("a.bin", "x").Edit(member => member with { Crc = 1 }),
            "Model archive is damaged: a.bin");

    [Fact]
    public void Check_DamagedDeflateStream_IsRefused() =>
        Refused(
            ZipForge.Good().Add("a.bin", new byte[1000])
                .Edit(member => member with { Packed = [.. Enumerable.Repeat((byte)0xFF, member.Packed.Length)] }),
            "Model archive is damaged: a.bin cannot be inflated");

    [Fact]
    public void Check_EncryptedMember_IsRefused() =>
        Refused(
            ZipForge.Good().Add("a.bin", "x").Edit(member => member with { Flags = 1 }),
            "Model archive is encrypted: a.bin");

    [Fact]
    public void Check_OtherCompression_IsRefused() =>
        Refused(
            ZipForge.Good().Add("a.bin", "x").Edit(member => member with { Method = 14 }),
            "Model archive uses compression method 14 for a.bin");

    [Fact]
    public void Check_TooManyMembers_NamesTheLimit()
    {
        var zip = ZipForge.Good();
        for (var i = 0; i < 1000; i++)
        {
            zip.Add($"{i}.txt", "x", deflate: false);
        }

        Refused(zip, "Model archive has 1002 members; the limit is 1000");
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello, this is no zip file at all, is it")]
    public void Check_NotAZip_IsRefused(string text) =>
        Refused(System.Text.Encoding.UTF8.GetBytes(text), "Model archive is not a zip file: ");

    [Fact]
    public void Check_CutAnywhere_IsRefused()
    {
        var zip = ZipForge.Good().Build();

        Assert.All(
            Enumerable.Range(0, zip.Length),
            length => Refused(zip[..length], "Model archive is not a zip file: "));
    }

    [Fact]
    public void Check_BytesBeforeOrBehind_AreRefused()
    {
        var zip = ZipForge.Good().Build();

        Refused([.. zip, 0], "Model archive is not a zip file: bytes follow");
        Refused([0, .. zip], "Model archive is not a zip file: its directory is not where");
    }

    [Theory]
    [InlineData(4, "it is one of several parts")]
    [InlineData(6, "it is one of several parts")]
    [InlineData(8, "it is one of several parts")]
    public void Check_OnePartOfSeveral_IsRefused(int fieldOfTheEnd, string reason)
    {
        var zip = ZipForge.Good().Build();
        zip[zip.Length - 22 + fieldOfTheEnd] = 1;

        Refused(zip, $"Model archive is not a zip file: {reason}");
    }

    [Fact]
    public void Check_MemberInAnotherPart_IsRefused()
    {
        var zip = ZipForge.Good().Build();
        zip[zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8) + 34] = 1;

        Refused(zip, "Model archive is not a zip file: a member lies in another part of it");
    }

    [Fact]
    public void Check_AnyByteChanged_NeverEndsInAnotherException()
    {
        var zip = ZipForge.Good().Add("a/b.bin", new byte[100], deflate: false).Build(zip64: true);
        var random = new Random(5);

        for (var i = 0; i < 2000; i++)
        {
            var broken = (byte[])zip.Clone();
            broken[random.Next(broken.Length)] = (byte)random.Next(256);
            broken[random.Next(broken.Length)] ^= (byte)(1 << random.Next(8));
            var error = Record.Exception(() => ModelArchiveCheckTests.Check(broken));
            Assert.True(error is null or ModelFormatException, $"round {i}: {error}");
        }
    }

    private static void Refused(ZipForge zip, string text) => ModelArchiveCheckTests.Refused(zip, text);

    private static void Refused(byte[] zip, string text) => ModelArchiveCheckTests.Refused(zip, text);
}
