using MlCluster.Chaos;
using MlCluster.Compose;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;
using Xunit.Abstractions;

namespace MlCluster.Integration.Tests;

/// <summary>A short run of the chaos driver; <c>bench/results/chaos.md</c> has a long one.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class ChaosTests(ITestOutputHelper output)
{
    [SkippableFact]
    public async Task Run_TwentyKillsUnderLoad_LosesNothingThatWasAcknowledged()
    {
        var missing = ComposeProject.Missing();
        Skip.If(missing is not null, missing);
        using var work = new TemporaryFolder();
        var options = new ChaosOptions { Kills = 20 };

        var result = await ChaosRun.RunAsync(options, work.Path, output.WriteLine, CancellationToken.None);

        Assert.True(result.ExitCode == 0, $"{result.Line}\n{string.Join('\n', result.Details)}");
        Assert.True(result.FailedRequests.Count == 0, $"{result.Line}\n{string.Join('\n', result.FailedRequests)}");
        Assert.True(result.Acknowledged > options.Kills, result.Line);
    }
}
