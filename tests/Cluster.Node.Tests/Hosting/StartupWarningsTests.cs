using MlCluster.Node.Hosting;

namespace MlCluster.Node.Tests.Hosting;

public sealed class StartupWarningsTests
{
    [Fact]
    public void Of_Defaults_IsSilent() =>
        Assert.Empty(StartupWarnings.Of(new NodeOptions(), ["PATH", "MLCLUSTER_ROLES", "MLCLUSTER_SHARED"]));

    [Fact]
    public void Of_AddressBeyondLoopback_SaysThatItIsOpen()
    {
        var options = new NodeOptions { Http = new Uri("http://0.0.0.0:9200") };

        Assert.Contains(
            "without TLS and authentication", Assert.Single(StartupWarnings.Of(options, [])), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_MissingFolderOfFiles_NamesItAlone()
    {
        var options = new NodeOptions { AllowFiles = [Path.GetTempPath(), "/no/such/folder"] };

        Assert.Contains(
            "--allow-files [/no/such/folder]",
            Assert.Single(StartupWarnings.Of(options, [])),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Of_MisspeltVariable_NamesTheNearest() =>
        Assert.Equal(
            ["environment variable MLCLUSTER_ROLLS means nothing here; did you mean MLCLUSTER_ROLES?"],
            StartupWarnings.Of(new NodeOptions(), ["MLCLUSTER_ROLLS"]));
}
