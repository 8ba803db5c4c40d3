using MlCluster.Node.Hosting;

namespace MlCluster.Node.Tests.Hosting;

public sealed class NodeOptionsReaderTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Read_NothingGiven_IsTheEmbeddedDefault()
    {
        var options = NodeOptionsReader.Read([], NoEnvironment);

        Assert.Equal(["data", "ml", "gateway"], options.Roles);
        Assert.Equal("http://127.0.0.1:9200/", options.Http.ToString());
        Assert.Equal(Path.GetFullPath("data"), options.DataDirectory);
        Assert.Empty(options.AllowFiles);
    }

    [Fact]
    public void Read_CommandLineEnvironmentAndFile_CommandLineWins()
    {
        File.WriteAllText(_file, "mlcluster.node { name = file\n host = file.example\n roles = [ml, data] }");

        var options = NodeOptionsReader.Read(
            ["--config", _file, "--name", "line"],
            name => name switch
            {
                "MLCLUSTER_NODE_NAME" => "environment",
                "MLCLUSTER_PORT" => "4053",
                _ => null,
            });

        Assert.Equal("line", options.Name);
        Assert.Equal(4053, options.Port);
        Assert.Equal("file.example", options.Host);
        Assert.Equal(["ml", "data"], options.Roles);
    }

    [Fact]
    public void Read_EnvironmentAndFile_EnvironmentWins()
    {
        File.WriteAllText(_file, "mlcluster.node.name = file");

        var options = NodeOptionsReader.Read(
            [], name => name switch { "MLCLUSTER_CONFIG" => _file, "MLCLUSTER_NODE_NAME" => "environment", _ => null });

        Assert.Equal("environment", options.Name);
    }

    [Fact]
    public void Read_RepeatedFolders_AreAllAllowed()
    {
        var options = NodeOptionsReader.Read(["--allow-files", "/a", "--allow-files=/b"], NoEnvironment);

        Assert.Equal(["/a", "/b"], options.AllowFiles);
    }

    [Theory]
    [InlineData("unknown option [--x]", "--x")]
    [InlineData("[--name] needs a value", "--name")]
    [InlineData("--roles [cook]", "--roles", "cook")]
    [InlineData("--port [70000]", "--port", "70000")]
    [InlineData("--seeds [nowhere]", "--seeds", "nowhere")]
    [InlineData("--http [ftp://a]", "--http", "ftp://a")]
    [InlineData("cannot be read", "--config", "/no/such/file")]
    public void Read_WrongText_NamesOptionAndCure(string expected, params string[] arguments)
    {
        var e = Assert.Throws<StartupException>(() => NodeOptionsReader.Read(arguments, NoEnvironment));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BrokenFile_SaysThatItIsNotHocon()
    {
        File.WriteAllText(_file, "a = ${b");

        var e = Assert.Throws<StartupException>(() => NodeOptionsReader.Read(["--config", _file], NoEnvironment));

        Assert.Contains("is not HOCON", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoBind_AnnouncesAndListensOnLoopback()
    {
        var options = NodeOptionsReader.Read([], NoEnvironment);

        Assert.Equal(("127.0.0.1", "127.0.0.1"), (options.AnnouncedHost, options.BoundHost));
    }

    [Fact]
    public void Read_BindToAll_AnnouncesTheMachinesNameAndItsRestPort()
    {
        var options = NodeOptionsReader.Read(["--bind", "0.0.0.0", "--http", "http://0.0.0.0:9201"], NoEnvironment);

        Assert.Equal("0.0.0.0", options.BoundHost);
        Assert.Equal(MachineName.Current, options.AnnouncedHost);
        Assert.Equal($"{MachineName.Current}:9201", options.AnnouncedHttp);
    }

    [Fact]
    public void Read_BindAndHost_AnnouncesTheHost()
    {
        var options = NodeOptionsReader.Read(["--bind", "0.0.0.0", "--host", "data-1"], NoEnvironment);

        Assert.Equal(("data-1", "0.0.0.0"), (options.AnnouncedHost, options.BoundHost));
        Assert.Equal("127.0.0.1:9200", options.AnnouncedHttp);
    }

    [Fact]
    public void Help_EveryOption_IsThere() =>
        Assert.All(OptionTable.All, o => Assert.Contains(o.Flag, NodeOptionsReader.Help, StringComparison.Ordinal));

    private static string? NoEnvironment(string name) => null;
}
