using MlCluster.Node.Hosting;

namespace MlCluster.Node.Tests.Hosting;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("mlcluster-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void Open_Twice_KeepsTheNodeId()
    {
        string first;
        using (var folder = DataFolder.Open(_path))
        {
            first = folder.NodeId.Value;
        }

        using var again = DataFolder.Open(_path);

        Assert.Equal(22, first.Length);
        Assert.Equal(first, again.NodeId.Value);
    }

    [Fact]
    public void Open_WhileOpen_SaysThatAnotherProcessUsesIt()
    {
        using var folder = DataFolder.Open(_path);

        var e = Assert.Throws<StartupException>(() => DataFolder.Open(_path));

        Assert.Contains("is used by another process", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NewerFormat_SaysSoAndLeavesItAlone()
    {
        File.WriteAllText(Path.Combine(_path, "format"), "2");

        var e = Assert.Throws<StartupException>(() => DataFolder.Open(_path));

        Assert.Contains("newer version", e.Message, StringComparison.Ordinal);
        Assert.Equal("2", File.ReadAllText(Path.Combine(_path, "format")));
    }
}
