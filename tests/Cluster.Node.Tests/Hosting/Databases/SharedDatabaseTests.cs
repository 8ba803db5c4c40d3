using MlCluster.Node.Hosting;
using MlCluster.Node.Hosting.Databases;

namespace MlCluster.Node.Tests.Hosting.Databases;

public sealed class SharedDatabaseTests
{
    [Theory]
    [InlineData("data", "a:4053")]
    [InlineData("ml", "a:4053")]
    [InlineData("ml,gateway", "127.0.0.1:4054")]
    [InlineData("data,gateway", "127.0.0.1:4053,a:4053")]
    public void Ensure_SeedsOfOthersAndNoDatabase_NamesTheCure(string roles, string seeds)
    {
        var e = Assert.Throws<StartupException>(() => SharedDatabase.Ensure(Read("--roles", roles, "--seeds", seeds)));

        Assert.Contains("with --db or MLCLUSTER_DB", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("sqlite:/shared")]
    [InlineData("Host=db;Database=mlcluster")]
    public void Ensure_DatabaseGiven_Starts(string database) =>
        SharedDatabase.Ensure(Read("--roles", "data,ml", "--seeds", "a:4053", "--db", database));

    [Fact]
    public void Ensure_GatewayAlone_NeedsNone() =>
        SharedDatabase.Ensure(Read("--roles", "gateway", "--seeds", "a:4053"));

    [Theory]
    [InlineData("--name", "alone")]
    [InlineData("--seeds", "127.0.0.1:4053")]
    public void Ensure_NoOtherNodeNamed_MayHaveItsOwn(params string[] options) => SharedDatabase.Ensure(Read(options));

    private static NodeOptions Read(params string[] options) =>
        NodeOptionsReader.Read(["--port", "4053", .. options], _ => null);
}
