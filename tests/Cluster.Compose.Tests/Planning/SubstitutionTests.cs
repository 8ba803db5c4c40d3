using MlCluster.Compose.Planning;

namespace MlCluster.Compose.Tests.Planning;

public sealed class SubstitutionTests
{
    private static readonly Substitution Here = new(
        "127.1.5.1",
        new Dictionary<string, string> { ["data"] = "127.1.1.1", ["data-1"] = "127.1.2.1", ["db"] = "127.1.3.1" },
        new Dictionary<string, string> { ["/app"] = "/build", ["/var/lib/it"] = "/tmp/$1" });

    [Theory]
    [InlineData("http://0.0.0.0:9200", "http://127.1.5.1:9200")]
    [InlineData("127.0.0.1", "127.1.5.1")]
    [InlineData("10.0.0.0", "10.0.0.0")]
    [InlineData("data-1:4053,data:4053", "127.1.2.1:4053,127.1.1.1:4053")]
    [InlineData("Host=db;Database=db", "Host=127.1.3.1;Database=db")]
    [InlineData("http://data/x", "http://127.1.1.1/x")]
    [InlineData("data", "data")]
    [InlineData("/app/Cluster.Node.dll", "/build/Cluster.Node.dll")]
    [InlineData("/apple /x/app", "/apple /x/app")]
    [InlineData("--data=/var/lib/it", "--data=/tmp/$1")]
    public void Apply_WhatHoldsInAContainer_HoldsHere(string text, string here) =>
        Assert.Equal(here, Here.Apply(text));
}
