namespace MlCluster.Compose.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Read_Options_AreRead()
    {
        var options = CommandLine.Read(
            ["--scale", "ml=3", "--scale=gateway=2", "--profile", "gpu", "--file", "f", "--network", "127.9", "ml"]);

        Assert.Equal(3, options.Scale["ml"]);
        Assert.Equal(2, options.Scale["gateway"]);
        Assert.Equal(["gpu"], options.Profiles);
        Assert.Equal(["ml"], options.Services);
        Assert.Equal(("f", "127.9"), (options.File, options.Network));
    }

    [Theory]
    [InlineData("--scale", "ml")]
    [InlineData("--scale", "ml=-1")]
    [InlineData("--network", "10.1")]
    [InlineData("--network", "127.300")]
    [InlineData("--file")]
    [InlineData("--bogus", "x")]
    public void Read_Wrong_IsRefused(params string[] arguments) =>
        Assert.Throws<ComposeException>(() => CommandLine.Read(arguments));
}
