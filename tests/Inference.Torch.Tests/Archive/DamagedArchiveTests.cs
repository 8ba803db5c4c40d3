using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using CsCheck;
using MlCluster.Inference.Archive;
using MlCluster.Inference.Archive.TorchScript;
using MlCluster.Inference.Rehearsing;

namespace MlCluster.Inference.Tests.Archive;

/// <summary>Whatever becomes of an archive on its way: it is good, or refused with a reason, and that soon.</summary>
public sealed class DamagedArchiveTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private static readonly string[] Archives =
        ["tiny-sentence-transformer", "tiny-huggingface", "many-types", "writes-cache", "short-storage"];

    private static readonly byte[][] Zips =
        [.. Archives.Select(name => File.ReadAllBytes(TestData.Archive(name))), ZipForge.Good().Build(zip64: true)];

    private static readonly byte[][] Models = [.. Archives.Select(name => Model(TestData.Archive(name)))];

    [Fact]
    public void Check_DamagedArchive_IsGoodOrRefused() => Mutations.Of(Zips).Sample(
        bytes =>
        {
            AssertGoodOrRefused(() => ModelArchive.Check(
                new MemoryStream(bytes), ArchiveLimits.Default, CancellationToken.None));
        },
        iter: 10_000);

    [Fact]
    public void Unpack_DamagedArchive_IsGoodOrRefusedAndLeavesNothingHalf() => Mutations.Of(Zips).Sample(
        bytes => InFolder(folder =>
        {
            var zip = Path.Combine(folder, "zip");
            File.WriteAllBytes(zip, bytes);

            var isGood = AssertGoodOrRefused(() =>
            {
                ModelArchive.Measure(zip, ArchiveLimits.Default);
                ModelArchive.Unpack(zip, Path.Combine(folder, "out"), ArchiveLimits.Default, CancellationToken.None);
            });

            string[] left = isGood ? ["out", "zip"] : ["zip"];
            Assert.Equal(left, Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order());
        }),
        iter: 500);

    [Fact]
    public void Check_DamagedTorchScript_IsGoodOrRefusedAndItsCodeIsRead() => Mutations.Of(Models).Sample(
        bytes => InFolder(folder =>
        {
            var model = Path.Combine(folder, "model.pt");
            File.WriteAllBytes(model, bytes);

            if (AssertGoodOrRefused(
                () => TorchScriptFile.Check(model, TorchScriptLimits.Default, CancellationToken.None)))
            {
                AssertGoodOrRefused(() => StateWrites.InFile(model));
            }
        }),
        iter: 3_000);

    /// <summary>Code as it is in archives, damaged: most of that passes no check of bytes.</summary>
    [Fact]
    public void StateWrites_DamagedCode_IsReadOrRefused()
    {
        var code = Models.SelectMany(CodeOf).ToArray();

        Mutations.Of(code).Sample(
            bytes =>
            {
                AssertGoodOrRefused(() => StateWrites.InCode(Encoding.Latin1.GetString(bytes)));
            },
            iter: 10_000);
    }

    private static bool AssertGoodOrRefused(Action read)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            read();
            return true;
        }
        catch (ModelFormatException refusal)
        {
            Assert.NotEmpty(refusal.Message);
            return false;
        }
        finally
        {
            Assert.True(clock.Elapsed < Soon, $"it took {clock.Elapsed}");
        }
    }

    private static void InFolder(Action<string> test)
    {
        var folder = Directory.CreateTempSubdirectory("mlcluster-damaged-");
        try
        {
            test(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static byte[] Model(string archive)
    {
        using var zip = ZipFile.OpenRead(archive);
        return Bytes(zip.Entries.Single(entry => entry.Name.EndsWith(".pt", StringComparison.Ordinal)));
    }

    private static IEnumerable<byte[]> CodeOf(byte[] model)
    {
        using var zip = new ZipArchive(new MemoryStream(model));
        return [.. zip.Entries.Where(entry => entry.Name.EndsWith(".py", StringComparison.Ordinal)).Select(Bytes)];
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }
}
