using System.Diagnostics;
using MlCluster.Node.Data.Uploads;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Data.Uploads;

/// <summary>Which files of this machine may be read.</summary>
public sealed class FileDownloadTests : DownloadKit
{
    [Fact]
    public async Task Download_FileBelowTheFolder_Arrives()
    {
        var path = Files.File("deep/model.zip", "content");

        Assert.Equal(7, (await DownloadAsync("file://" + path)).SizeBytes);
    }

    [Fact]
    public async Task Download_FileOutside_IsRefusedThroughLinksAndDotsToo()
    {
        using var outside = new TempFolder();
        var secret = outside.File("secret");
        var link = Path.Combine(Files.FullName, "link");
        File.CreateSymbolicLink(link, secret);
        var folderLink = Path.Combine(Files.FullName, "folder");
        Directory.CreateSymbolicLink(folderLink, outside.FullName);

        var dots = $"{Files.FullName}/../{Path.GetFileName(outside.FullName)}/secret";
        foreach (var path in new[] { secret, link, $"{folderLink}/secret", dots })
        {
            var reason = await FailureAsync("file://" + path);
            Assert.Contains("is not below a folder of --allow-files", reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Download_NoSuchFile_SaysSo() => Assert.Contains(
        "Could not find file", await FailureAsync($"file://{Files.FullName}/nothing.zip"), StringComparison.Ordinal);

    [Fact]
    public async Task Download_Pipe_IsRefusedInsteadOfWaitedFor()
    {
        var pipe = Path.Combine(Files.FullName, "pipe");
        using var made = Process.Start("mkfifo", [pipe]);
        await made.WaitForExitAsync();

        Assert.Contains("is not a regular file", await FailureAsync("file://" + pipe), StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_LoopOfLinks_IsAnError()
    {
        var one = Path.Combine(Files.FullName, "one");
        var two = Path.Combine(Files.FullName, "two");
        File.CreateSymbolicLink(one, two);
        File.CreateSymbolicLink(two, one);

        Assert.Throws<IOException>(() => RealPath.Resolve(one));
    }
}
