using MlCluster.Node.Hosting;

namespace MlCluster.Node.Tests.Hosting;

public sealed class EnvironmentSettingsTests
{
    [Theory]
    [InlineData("MLCLUSTER__ML__MAX_MODELS", "3", "mlcluster.ml.max-models", "3")]
    [InlineData("MLCLUSTER__DISK_FREE_SPACE_THRESHOLD", "7 GiB", "mlcluster.disk-free-space-threshold", "7 GiB")]
    [InlineData("MLCLUSTER__PLACEMENT__EXCLUDE_NODES", "a \"b\" \\", "mlcluster.placement.exclude-nodes", "a \"b\" \\")]
    [InlineData("AKKA__CLUSTER__SPLIT_BRAIN_RESOLVER__STABLE_AFTER", "21s", "akka.cluster.split-brain-resolver.stable-after", "21s")]
    public void Load_Variable_WinsOverShippedFiles(string name, string text, string key, string expected) =>
        Assert.Equal(expected, HoconFiles.Load(Read((name, text))).GetString(key));

    [Fact]
    public void Load_List_IsWrittenInBrackets() =>
        Assert.Equal(
            ["2s", "4s"],
            HoconFiles.Load(Read(("MLCLUSTER__ML__LOAD_RETRY_DELAYS", "[2s, 4s]"))).GetStringList("mlcluster.ml.load-retry-delays"));

    [Fact]
    public void Read_VariableAndFile_VariableWins()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "mlcluster.ml.max-models = 5");

        var options = Read(("MLCLUSTER__ML__MAX_MODELS", "3"), ("MLCLUSTER_CONFIG", file));

        Assert.Equal(3, HoconFiles.Load(options).GetInt("mlcluster.ml.max-models"));
        File.Delete(file);
    }

    [Fact]
    public void Read_OptionAsKey_IsTheOption() =>
        Assert.Equal("left", Read(("MLCLUSTER__NODE__NAME", "left")).Name);

    [Theory]
    [InlineData("MLCLUSTER__ML__MAX_MODELLS", "1", "did you mean [mlcluster.ml.max-models]?")]
    [InlineData("MLCLUSTER__ML__MAX_MODELS", "many", "[many]: give a whole number from 0")]
    [InlineData("MLCLUSTER__ML__LOAD_RETRY_DELAYS", "[1s", "is not HOCON")]
    public void Read_WrongVariable_NamesItAndTheCure(string name, string text, string cure)
    {
        var e = Assert.Throws<StartupException>(() => Read((name, text)));

        Assert.StartsWith($"environment variable [{name}]", e.Message, StringComparison.Ordinal);
        Assert.Contains(cure, e.Message, StringComparison.Ordinal);
    }

    private static NodeOptions Read(params (string Name, string Text)[] variables)
    {
        var all = variables.ToDictionary(v => v.Name, v => v.Text, StringComparer.Ordinal);
        return NodeOptionsReader.Read([], all.GetValueOrDefault, all.Keys);
    }
}
