using MlCluster.Integration.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>A process that cannot start as asked: exit code 2 and one line with the cure.</summary>
public sealed class StartupTests : IDisposable
{
    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("unknown option [--rolls]", "--rolls", "ml")]
    [InlineData("--roles [cook]", "--roles", "cook")]
    [InlineData("--port [x]", "--port", "x")]
    [InlineData("cannot be read", "--config", "/no/such/file.hocon")]
    [InlineData("there is no --db", "--port", "4053", "--seeds", "data-1.example:4053")]
    public async Task Start_BadOption_ExitsWithTwoAndNamesIt(string expected, params string[] options)
    {
        await using var node = NodeProcess.Launch(_data.Path, options);

        Assert.Equal(2, await node.ExitAsync());
        Assert.Contains(expected, node.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mlcluster.disk-free-space-threshold = banana", "mlcluster.disk-free-space-threshold [banana]")]
    [InlineData("mlcluster.ml.max-modells = 1", "did you mean [mlcluster.ml.max-models]?")]
    [InlineData("mlcluster { {{{", "is never closed")]
    [InlineData("mlcluster.gateway.max-chunk-size = 5 GiB", "mlcluster.gateway.max-chunk-size: give a size from")]
    [InlineData("akka.cluster.failure-detector.heartbeat-interval = banana", "banana")]
    [InlineData("akka.remote.dot-netty.tcp.maximum-frame-size = banana", "banana")]
    public async Task Start_BadConfigFile_ExitsWithTwoAndOneLine(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "my.hocon");
        await File.WriteAllTextAsync(file, text);
        await using var node = NodeProcess.Launch(_data.Path, "--config", file);

        Assert.Equal(2, await node.ExitAsync());
        Assert.Contains(expected, node.Output, StringComparison.Ordinal);
        // Akka logs what it meets before it gives up; ours is one line and no trace.
        Assert.Single(node.Output.Split('\n'), l => l.StartsWith("mlcluster: ", StringComparison.Ordinal));
        Assert.DoesNotContain("Unhandled exception", node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DataFolderInUse_ExitsWithTwoAndSaysSo()
    {
        await using var first = await NodeProcess.StartAsync(_data.Path);
        await using var second = NodeProcess.Launch(_data.Path);

        Assert.Equal(2, await second.ExitAsync());
        Assert.Contains("is used by another process", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortTaken_ExitsWithTwoAndSaysSo()
    {
        using var other = new TemporaryFolder();
        await using var first = await NodeProcess.StartAsync(_data.Path);
        await using var second = NodeProcess.Launch(other.Path, $"--http={first.Http.BaseAddress!.GetLeftPart(UriPartial.Authority)}");

        Assert.Equal(2, await second.ExitAsync());
        Assert.Contains("is taken by another process", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NewerDataFolder_ExitsWithTwoAndSaysSo()
    {
        await File.WriteAllTextAsync(Path.Combine(_data.Path, "format"), "999");
        await using var node = NodeProcess.Launch(_data.Path);

        Assert.Equal(2, await node.ExitAsync());
        Assert.Contains("newer version", node.Output, StringComparison.Ordinal);
    }
}
