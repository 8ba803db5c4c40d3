using System.Collections.ObjectModel;
using Akka.Configuration;
using MlCluster.Node.Hosting;
using MlCluster.Node.Hosting.Databases;
using MlCluster.Node.Hosting.Settings;

namespace MlCluster.Node.Tests.Hosting;

/// <summary>What is said of an operator's file before anything starts.</summary>
public sealed class ConfigFileTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("mlcluster.disk-free-space-threshold = banana", "[banana]: give a size such as")]
    [InlineData("mlcluster.disk-free-space-threshold = -5 GiB", "[-5 GiB]: give a size such as 5 GiB, or -1")]
    [InlineData("mlcluster.ml.cache.max-size = 5 bananas", "[5 bananas]: give a size such as")]
    [InlineData("mlcluster.data.tick = soon", "mlcluster.data.tick [soon]: give a time above zero")]
    [InlineData("mlcluster.data.tick = 0s", "[0s]: give a time above zero")]
    [InlineData("mlcluster.shutdown-timeout = infinite", "[infinite]: give a time above zero")]
    [InlineData("mlcluster.ml.max-models = many", "[many]: give a whole number from 0")]
    [InlineData("mlcluster.gateway.predict.window = 0", "[0]: give a whole number from 1")]
    [InlineData("mlcluster.gateway.predict.window = 99999999999", "give a whole number from 1")]
    [InlineData("mlcluster.ml.load-retry-delays = [1s, banana]", "[1s, banana]: give a list, each a time")]
    [InlineData("mlcluster.ml.load-retry-delays = 1s", "[1s]: give a list, each a time")]
    [InlineData("mlcluster.ml.max-models = [1, 2]", "[1, 2]: give a whole number")]
    [InlineData("mlcluster.data.uploads.allow-private-networks = maybe", "[maybe]: give true or false")]
    [InlineData("mlcluster.data.uploads.trusted-url-regex = \"(\"", "[(]: give a regular expression")]
    [InlineData("mlcluster.ml.memory-share = most", "[most]: give a number above zero")]
    [InlineData("mlcluster.ml.memory-share = 0.0", "[0.0]: give a number above zero")]
    [InlineData("mlcluster.placement.exclude-nodes = [a, b]", "give a text")]
    [InlineData("mlcluster.cluster-name = \"\"", "[]: give a text")]
    public void LoadExtra_WrongValue_NamesKeyValueAndCure(string text, string expected) =>
        Assert.Contains(expected, Refusal(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("mlcluster.ml.max-modells = 1", "mlcluster.ml.max-modells", "mlcluster.ml.max-models")]
    [InlineData(
        "mlcluster { ml { max-models { count = 1 } } }", "mlcluster.ml.max-models.count", "mlcluster.ml.max-models")]
    [InlineData(
        "mlcluster.gatway.predict.window = 1", "mlcluster.gatway.predict.window", "mlcluster.gateway.predict.window")]
    [InlineData("mlcluster.node.rolls = ml", "mlcluster.node.rolls", "mlcluster.node.roles")]
    [InlineData("mlclustre.ml.max-models = 1", "mlclustre.ml.max-models", "mlcluster.ml.max-models")]
    [InlineData("aka.loglevel = DEBUG", "aka.loglevel", "akka.loglevel")]
    public void LoadExtra_UnknownKey_NamesItAndTheNearest(string text, string key, string nearest)
    {
        var refusal = Refusal(text);

        Assert.Contains($"unknown key [{key}]; did you mean [{nearest}", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mlcluster { {{{", "line 1: [{] is never closed")]
    [InlineData("mlcluster.ml {\n  max-models = 1\n}\n}\n", "line 4: [}] closes nothing")]
    [InlineData("a = [1, 2}\n", "line 1: [}] closes nothing")]
    [InlineData("# a comment with {\na = \"open\nb = 2", "line 2: a quote is never closed")]
    [InlineData("mlcluster.ml.max-models 5\n", "[mlcluster.ml.max-models 5] has no value")]
    [InlineData("include \"other.hocon\"\n", "a key without [=] or an include")]
    [InlineData(
        "mlcluster.health = 5s",
        "[mlcluster.health] is a section; give a value to a key in it, such as [mlcluster.health.")]
    [InlineData("mlcluster.ml.max-models = \n", "[mlcluster.ml.max-models] has no value")]
    [InlineData("hello world", "has no value")]
    [InlineData("akka.loglevel == DEBUG", "[akka.loglevel] has no value")]
    [InlineData("akka.loglevel = ${?LEVEL}\nb = 1", "a substitution names no key of this file")]
    [InlineData("mlcluster.node.name = ${NAME}", "Unresolved substitution: NAME")]
    public void LoadExtra_NoHocon_SaysWhere(string text, string expected) =>
        Assert.Contains(expected, Refusal(text), StringComparison.Ordinal);

    [Fact]
    public void LoadExtra_BracketsInTextAndComments_AreNone()
    {
        File.WriteAllText(_file, "a = \"{\\\"[\" # {\n// [\nb = \"\"\"{\"\"\"\nmlcluster.ml { max-models = 7 }");

        Assert.Equal(7, LoadFile().GetInt("mlcluster.ml.max-models"));
    }

    [Theory]
    [InlineData("mlcluster.disk-free-space-threshold = -1")]
    [InlineData("mlcluster.database.journal-pool = 4")]
    [InlineData("mlcluster.ml.load-retry-delays = []")]
    public void LoadExtra_LegalValue_IsTaken(string text)
    {
        File.WriteAllText(_file, text);

        Assert.False(LoadFile().IsEmpty);
    }

    [Fact]
    public void LoadExtra_VariablesAndAkkasKeys_AreTheOperators()
    {
        File.WriteAllText(_file, "threads = 3\nmlcluster.ml.serving.workers = ${threads}\nakka.loglevel = DEBUG");

        Assert.Equal(3, LoadFile().GetInt("mlcluster.ml.serving.workers"));
    }

    [Fact]
    public void Read_FileNamedByTheEnvironment_IsCheckedToo()
    {
        File.WriteAllText(_file, "mlcluster.ml.max-modells = 1");

        var e = Assert.Throws<StartupException>(
            () => NodeOptionsReader.Read([], name => name == "MLCLUSTER_CONFIG" ? _file : null));

        Assert.Contains("unknown key", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shipped_EveryKey_FitsItsOwnKind()
    {
        var shipped = HoconFiles.Load(new NodeOptions());
        var ours = HoconTree.Leaves(shipped).Where(l => l.Path.StartsWith("mlcluster.", StringComparison.Ordinal));

        Assert.All(ours, l => Assert.True(SettingKind.Of(l.Path, l.Value).Fits(l.Value), l.Path));
    }

    [Theory]
    [InlineData(0, "", "20s")]
    [InlineData(4053, "", "1s")]
    [InlineData(0, "a:1", "1s")]
    public void Load_NodeThatNobodyCanJoin_DoesNotWatchItsHeartbeat(int port, string seed, string interval)
    {
        var options = new NodeOptions { Port = port, Seeds = seed.Length > 0 ? [seed] : [] };

        var config = HoconFiles.Load(options).SafeWithFallback(ConfigurationFactory.ParseString(
            "akka.cluster.failure-detector.heartbeat-interval = 1s"));

        Assert.Equal(interval, config.GetString("akka.cluster.failure-detector.heartbeat-interval"));
    }

    [Theory]
    [InlineData("a \"quote\"")]
    [InlineData("a \\back\\slash")]
    [InlineData("it's; a = b, c\n#")]
    public void Load_FolderWithAnyName_KeepsItInTheConnections(string name)
    {
        var options = new NodeOptions { DataDirectory = Path.Combine(Path.GetTempPath(), name) };

        var config = HoconFiles.Load(options);

        var database = JournalDatabase.Of(options, config);
        Assert.Equal(database.Journal, config.GetString("akka.persistence.journal.sql.connection-string"));
        Assert.Equal(database.Chunks, config.GetString("akka.persistence.query.journal.chunks.connection-string"));
    }

    private Config LoadFile() => HoconFiles.LoadExtra([_file], ReadOnlyDictionary<string, string>.Empty);

    private string Refusal(string text)
    {
        File.WriteAllText(_file, text);
        var e = Assert.Throws<StartupException>(() => LoadFile());
        Assert.Contains(_file, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        return e.Message;
    }
}
