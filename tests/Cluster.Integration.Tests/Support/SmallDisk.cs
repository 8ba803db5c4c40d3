using System.Diagnostics;

namespace MlCluster.Integration.Tests.Support;

/// <summary>A disk of 40 MB of its own for a node's data, and a folder beside it. Needs root.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryFolder _disk = new();
    private readonly TemporaryFolder _outside = new();

    private SmallDisk()
    {
    }

    /// <summary>Where the disk is mounted.</summary>
    public string Path => _disk.Path;

    /// <summary>A folder on another disk.</summary>
    public string Outside => _outside.Path;

    /// <summary>Skips the test where no disk can be mounted.</summary>
    public static async Task<SmallDisk> MountAsync()
    {
        Skip.If(Environment.UserName != "root", "needs root to mount a disk of its own");
        var disk = new SmallDisk();
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", disk.Path);
        return disk;
    }

    /// <summary>Starts a node on it, with a threshold of free space that such a disk can keep.</summary>
    public async Task<NodeProcess> StartNodeAsync(string threshold, params string[] options)
    {
        var config = System.IO.Path.Combine(Outside, "disk.hocon");
        await File.WriteAllTextAsync(config, $"mlcluster.disk-free-space-threshold = {threshold}");
        return await NodeProcess.StartAsync(Path, ["--config", config, .. options]);
    }

    /// <summary>Writes a file until nothing more fits, or so much is left.</summary>
    /// <returns>Its path.</returns>
    public async Task<string> FillAsync(long leaveBytes = 0)
    {
        var path = System.IO.Path.Combine(Path, "filler");
        await using var file = File.Create(path, bufferSize: 1);
        try
        {
            while (leaveBytes == 0 || new DriveInfo(Path).AvailableFreeSpace > leaveBytes)
            {
                await file.WriteAsync(new byte[65536]);
            }
        }
        catch (IOException)
        {
            // Full: that is what was wanted.
        }

        return path;
    }

    /// <summary>Runs a program that must succeed.</summary>
    public static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} → {process.ExitCode}");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "-l", Path);
        _disk.Dispose();
        _outside.Dispose();
    }
}
