using MlCluster.Inference.Native;

namespace MlCluster.Inference.Tests.Native;

public sealed class NativeCacheTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlcluster-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Store_NewContent_IsReadableByTheOwnerAlone()
    {
        var path = NativeCache.Store(_folder.FullName, "lib.so", [1, 2, 3]);

        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        var others =
            UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & others);
    }

    [Fact]
    public void Store_SameContent_KeepsTheFile()
    {
        var path = NativeCache.Store(_folder.FullName, "lib.so", [1, 2, 3]);
        var written = File.GetLastWriteTimeUtc(path);

        Assert.Equal(path, NativeCache.Store(_folder.FullName, "lib.so", [1, 2, 3]));
        Assert.Equal(written, File.GetLastWriteTimeUtc(path));
    }

    [Fact]
    public void Store_OtherContent_HasItsOwnPlace() => Assert.NotEqual(
        NativeCache.Store(_folder.FullName, "lib.so", [1]), NativeCache.Store(_folder.FullName, "lib.so", [2]));

    [Fact]
    public void Store_DamagedFile_IsWrittenAgain()
    {
        var path = NativeCache.Store(_folder.FullName, "lib.so", [1, 2, 3]);
        File.WriteAllBytes(path, [1, 2]);

        NativeCache.Store(_folder.FullName, "lib.so", [1, 2, 3]);

        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
    }

    [Fact]
    public void Store_ManyAtOnce_AllGetTheWholeFile()
    {
        var content = new byte[1 << 20];
        Array.Fill(content, (byte)7);

        Parallel.For(0, 16, _ =>
            Assert.Equal(content, File.ReadAllBytes(NativeCache.Store(_folder.FullName, "lib.so", content))));

        Assert.Single(Directory.GetFiles(_folder.FullName, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Store_FolderThatOthersCanWrite_IsRefused()
    {
        var open = Directory.CreateDirectory(Path.Combine(_folder.FullName, "open"));
        File.SetUnixFileMode(open.FullName, File.GetUnixFileMode(open.FullName) | UnixFileMode.OtherWrite);

        var error = Assert.Throws<IOException>(() => NativeCache.Store(open.FullName, "lib.so", [1]));

        Assert.Contains("chmod go-w", error.Message, StringComparison.Ordinal);
    }
}
