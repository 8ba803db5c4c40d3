namespace MlCluster.Chaos.Tests;

public sealed class ChaosOptionsTests
{
    [Fact]
    public void Parse_Switch_TakesNoValue()
    {
        var options = ChaosOptions.Parse(["--kills", "6", "--tls", "--network", "127.90"]);

        Assert.Equal((6, true, "127.90"), (options.Kills, options.Tls, options.Network));
        Assert.False(ChaosOptions.Parse([]).Tls);
    }

    [Fact]
    public void Parse_OptionWithoutItsValue_IsRefused() =>
        Assert.Throws<ChaosException>(() => ChaosOptions.Parse(["--tls", "--kills"]));
}
