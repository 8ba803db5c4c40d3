using System.Buffers.Binary;
using System.Text;
using MlCluster.Inference.Native;

namespace MlCluster.Inference.Tests.Native;

public sealed class ElfVersionNeedsTests
{
    private const string Binding = "libLibTorchSharp.so";

    [Fact]
    public void MakeWeak_TheBinding_ChangesTheFlagOfOneNeedAlone()
    {
        var original = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, Binding));
        var patched = original.ToArray();

        var marked = ElfVersionNeeds.MakeWeak(patched, "GLIBCXX_3.4.32");

        Assert.Equal(1, marked);
        var changed = Enumerable.Range(0, original.Length).Where(i => original[i] != patched[i]);
        Assert.Equal(2, patched[Assert.Single(changed)]);
    }

    [Fact]
    public void MakeWeak_VersionNobodyNeeds_ChangesNothing()
    {
        var original = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, Binding));
        var patched = original.ToArray();

        Assert.Equal(0, ElfVersionNeeds.MakeWeak(patched, "GLIBCXX_9.9.9"));
        Assert.Equal(original, patched);
    }

    [Fact]
    public void MakeWeak_NotAnElfFile_Throws() => Assert.Throws<InvalidDataException>(
        () => ElfVersionNeeds.MakeWeak(Encoding.ASCII.GetBytes("MZ" + new string('x', 100)), "GLIBCXX_3.4.32"));

    [Fact]
    public void MakeWeak_SectionsOutsideTheFile_Throws()
    {
        var elf = new byte[64];
        ReadOnlySpan<byte> magic = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];
        magic.CopyTo(elf);
        BinaryPrimitives.WriteInt64LittleEndian(elf.AsSpan(0x28), 4096);
        BinaryPrimitives.WriteInt16LittleEndian(elf.AsSpan(0x3c), 3);

        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.MakeWeak(elf, "GLIBCXX_3.4.32"));
    }
}
