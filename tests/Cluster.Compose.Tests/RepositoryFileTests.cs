using System.Diagnostics;
using MlCluster.Compose.Planning;
using MlCluster.Compose.Reading;
using MlCluster.Compose.Tests.Support;

namespace MlCluster.Compose.Tests;

/// <summary>The repository's own <c>docker-compose.yml</c> and <c>Dockerfile</c>.</summary>
public sealed class RepositoryFileTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ComposeFile _file = ComposeFile.Read(RepositoryFolder.ComposeFile);

    private IEnumerable<ComposeService> Nodes => _file.Services.Where(s => s.BuildTarget is not null);

    [Fact]
    public void Services_ByDefault_AreADatabaseThreeDataNodesTwoMlNodesAndAGateway()
    {
        var replicas = _file.Services.Where(s => s.Profiles.Count == 0)
            .SelectMany(s => Enumerable.Repeat(s.Environment.GetValueOrDefault("MLCLUSTER_ROLES", s.Name), s.Scale));

        Assert.Equal(["postgres", "data", "data", "data", "ml", "ml", "gateway"], replicas);
    }

    [Fact]
    public void Nodes_All_AreSupervisedAsPromised()
    {
        Assert.All(Nodes, node =>
        {
            Assert.Equal("health", node.Health!.Command[^1]);
            Assert.True(node.Restart is { OnSuccess: true, OnFailure: true }, $"{node.Name} starts again");
            // mlcluster.shutdown-timeout, then the phases of coordinated shutdown: hocon/hosting.hocon counts them.
            Assert.True(node.StopGracePeriod > TimeSpan.FromSeconds(60 + 70), $"{node.Name} has time to drain");
        });
    }

    [Fact]
    public void Nodes_ThatScale_HaveNeitherHostNameNorNamedVolumeNorSinglePort()
    {
        foreach (var node in Nodes.Where(n => n.Environment["MLCLUSTER_ROLES"] != "data"))
        {
            Assert.Null(node.Hostname);
            Assert.Empty(node.Mounts);
            Assert.All(node.Ports, p => Assert.Contains('-', p.Split(':')[^2]));
        }
    }

    [Fact]
    public void Seeds_All_AreDataNodesWithAHostNameAndAVolumeOfTheirOwn()
    {
        var seeds = Nodes.Select(n => n.Environment["MLCLUSTER_SEEDS"]).Distinct().Single().Split(',');
        var hosts = Nodes.Where(n => n.Environment["MLCLUSTER_ROLES"] == "data").ToArray();

        Assert.Equal(hosts.Select(h => $"{h.Hostname}:4053"), seeds);
        Assert.Equal(hosts.Length, hosts.Select(h => Assert.Single(h.Mounts).Source).Distinct().Count());
    }

    [Fact]
    public void Dockerfile_TargetsOfTheFile_AreThereAndStartTheNode()
    {
        var dockerfile = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "Dockerfile"));

        Assert.Equal(["node", "node-cuda"], Nodes.Select(n => n.BuildTarget!).Distinct().Order());
        Assert.All(Nodes, n => Assert.Equal(
            ["dotnet", "/app/Cluster.Node.dll"], ImageRecipe.Parse(dockerfile, n.BuildTarget!).Entrypoint));
    }

    [Fact]
    public void StartOrder_Stopped_DatabaseGoesLast() =>
        Assert.Equal("postgres", StartOrder.Of(_file.Services)[0].Name);

    [SkippableTheory]
    [InlineData("config", "-q")]
    [InlineData("--profile", "gpu", "config", "-q")]
    public async Task DockerCompose_TheFile_IsValid(params string[] arguments)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        Skip.If(
            !folders.Any(f => File.Exists(Path.Combine(f, "docker-compose"))),
            "needs docker-compose (package docker-compose) in the PATH");

        using var process = Process.Start(new ProcessStartInfo("docker-compose", arguments)
        {
            WorkingDirectory = RepositoryFolder.Path,
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        var complaint = await process.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);

        Assert.True(process.ExitCode == 0, $"docker-compose says: {complaint}");
    }
}
