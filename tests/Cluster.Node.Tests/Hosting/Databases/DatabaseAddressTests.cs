using MlCluster.Node.Hosting;
using MlCluster.Node.Hosting.Databases;

namespace MlCluster.Node.Tests.Hosting.Databases;

/// <summary>What --db takes, and that a password in it is seen nowhere.</summary>
public sealed class DatabaseAddressTests : IDisposable
{
    private const string Secret = "se'cr\"et\\${x}";
    private const string Text = $"Host=db;Port=5433;Database=ml;Username=me;Password=\"se'cr\"\"et\\${{x}}\"";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Read_CommandLineEnvironmentAndFile_CommandLineWins()
    {
        File.WriteAllText(_file, "mlcluster.node.db = \"Host=file\"");
        string? Environment(string name) => name == "MLCLUSTER_DB" ? "Host=environment" : null;

        Assert.Equal("Host=line", Of(["--config", _file, "--db", "Host=line"], Environment).Postgres);
        Assert.Equal("Host=environment", Of(["--config", _file], Environment).Postgres);
        Assert.Equal("Host=file", Of(["--config", _file], _ => null).Postgres);
        Assert.Equal(DatabaseAddress.DataFolder, Of([], _ => null));
    }

    [Fact]
    public void Parse_SqliteFolder_IsAbsolute() =>
        Assert.Equal(Path.GetFullPath("journals"), DatabaseAddress.Parse("sqlite:journals").SqliteFolder);

    [Theory]
    [InlineData($"Host=db;Pasword={Secret}")]
    [InlineData($"Password={Secret}")]
    [InlineData($"postgresql://me:{Secret}@db/ml")]
    [InlineData($"{Secret}")]
    [InlineData($"Host=db;Port={Secret}")]
    public void Read_NoConnectionString_SaysTheCureAndNotTheText(string text)
    {
        var refused = Assert.Throws<StartupException>(() => Of(["--db", text], _ => null));

        Assert.StartsWith("--db: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("sqlite:DIR", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("cr\"et", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_Postgres_NamesTheServerAndNotThePassword()
    {
        var options = NodeOptionsReader.Read(["--db", Text], _ => null);

        Assert.Contains("postgresql database [ml] on [db:5433]", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("cr\"et", options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_PasswordWithEveryQuote_ReachesThePluginsAsItIs()
    {
        var config = HoconFiles.Load(NodeOptionsReader.Read(["--db", Text], _ => null));

        string[] plugins =
            ["journal.sql", "journal.chunks", "snapshot-store.sql", "query.journal.sql", "query.journal.chunks"];
        foreach (var plugin in plugins)
        {
            var section = config.GetConfig("akka.persistence." + plugin);
            var parts = new Npgsql.NpgsqlConnectionStringBuilder(section.GetString("connection-string"));
            Assert.Equal(Secret, parts.Password);
            Assert.Equal("ml", parts.Database);
            Assert.Equal("PostgreSQL.15", section.GetString("provider-name"));
        }
    }

    [Fact]
    public void Load_OwnPoolAndTimeout_Win()
    {
        var config = HoconFiles.Load(NodeOptionsReader.Read(
            ["--db", "Host=db;Maximum Pool Size=3;Timeout=9;Application Name=me"], _ => null));

        var parts = new Npgsql.NpgsqlConnectionStringBuilder(
            config.GetString("akka.persistence.journal.chunks.connection-string"));

        Assert.Equal((3, 9, "me"), (parts.MaxPoolSize, parts.Timeout, parts.ApplicationName));
    }

    private static DatabaseAddress Of(string[] arguments, Func<string, string?> environment) =>
        NodeOptionsReader.Read(arguments, environment).Database;
}
