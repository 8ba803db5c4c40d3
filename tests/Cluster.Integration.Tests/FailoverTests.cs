using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using MlCluster.Compose;
using MlCluster.Integration.Tests.Support;
using MlCluster.Tests.Support;

namespace MlCluster.Integration.Tests;

/// <summary>Nodes of every kind, and everything at once, die by SIGKILL.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class FailoverTests(AlertCluster cluster) : IClassFixture<AlertCluster>
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);

    // What the cluster has for it, with the failure detector as shipped.
    private static readonly TimeSpan Failover = TimeSpan.FromSeconds(30);

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Kill_DataNode_WorkGoesOnElsewhereAndPredictionsNoticeNothing(bool supervisor)
    {
        var (project, gateway) = await StartedAsync();
        var serving = await gateway.UploadAsync();
        await gateway.DeployAsync(serving);
        var models = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => gateway.UploadAsync()));
        var half = await HalfUploadAsync(gateway.Client);
        await using var files = await FileServer.StartAsync(Repository.TinyArchive("tiny-sentence-transformer.zip"));
        var downloads = await DownloadsAsync(gateway.Client, files);
        await using var load = SteadyLoad.Predict([project["gateway-1"].Rest!], serving);
        await load.AwaitMoreAsync(20);
        var victim = await VictimAsync(project, gateway, supervisor);

        await victim.KillAsync();
        files.LetGo();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(
        [
            .. models.Select(m => OkOrRetryAsync(gateway.Client, "GET", $"/_plugins/_ml/models/{m}")),
            EndUploadAsync(gateway.Client, half),
            WholeLifeAsync(project),
        ]);
        Assert.True(clock.Elapsed < Failover, $"work went on after {clock.Elapsed}, not within {Failover}");

        Assert.All(
            await Task.WhenAll(downloads.Select(gateway.Client.FinishedTaskAsync)),
            task => Assert.True((string?)task["state"] == "COMPLETED", task.ToJsonString()));
        await load.AssertNothingFailedAsync();
        Assert.True(load.Longest < TimeSpan.FromSeconds(5), $"a prediction took {load.Longest}");
        await victim.StartAsync();
        await victim.WaitUntilHealthyAsync(StartDeadline);
        await gateway.AwaitNodesAsync(project.Replicas.Where(r => r.Rest is not null).Select(r => r.Name));
        await gateway.RemoveAsync(serving);
    }

    [SkippableFact]
    public async Task Kill_MlNodeWithRequestsInFlight_OthersAnswerThem()
    {
        var (project, gateway) = await StartedAsync();
        var model = await gateway.UploadAsync();
        await gateway.DeployAsync(model);
        await using var load = SteadyLoad.Predict([.. project.Of("gateway").Select(g => g.Rest!)], model);
        await load.AwaitMoreAsync(50);

        // It stands still with what it has taken, then it is gone.
        project["ml-1"].Signal(UnixSignal.Stop);
        await MlClient.UntilAsync(
            () => Task.FromResult(load.OldestWait > TimeSpan.FromSeconds(1)), () => "a request waits for the node");
        await project["ml-1"].KillAsync();
        await MlClient.UntilAsync(
            () => Task.FromResult(load.OldestWait < TimeSpan.FromSeconds(1)), () => "the request is answered");
        await load.AwaitMoreAsync(50);

        await load.AssertNothingFailedAsync();
        await project["ml-1"].StartAsync();
        await project["ml-1"].WaitUntilHealthyAsync(StartDeadline);
        await gateway.AwaitAsync(model, "DEPLOYED", "ml-1", "ml-2");
        await gateway.RemoveAsync(model);
    }

    [SkippableFact]
    public async Task Kill_Gateway_AnotherServesTheSame()
    {
        var (project, first) = await StartedAsync();
        var second = new ClusterOperator((await cluster.StartedAsync())["gateway-2"]);
        var model = await first.UploadAsync();
        await first.DeployAsync(model);
        var document = await first.Client.OkAsync("GET", $"/_plugins/_ml/models/{model}");

        await project["gateway-1"].KillAsync();

        var golden = GoldenAnswer.Tiny()[0];
        golden.AssertEqual((await second.Client.EmbedAsync(model, golden.Text))[0]);
        var same = await second.Client.OkAsync("GET", $"/_plugins/_ml/models/{model}");
        Assert.Equal(document.ToJsonString(), same.ToJsonString());
        await second.AwaitAsync(model, "DEPLOYED", "ml-1", "ml-2");
        await project["gateway-1"].StartAsync();
        await project["gateway-1"].WaitUntilHealthyAsync(StartDeadline);
        await first.AwaitAsync(model, "DEPLOYED", "ml-1", "ml-2");
        await first.RemoveAsync(model);
    }

    [SkippableFact]
    public async Task KillAll_StartedAgain_EverythingIsAsItWas()
    {
        var (project, gateway) = await StartedAsync();
        var (everywhere, named) = (await gateway.UploadAsync(), await gateway.UploadAsync());
        await gateway.DeployAsync(everywhere);
        await gateway.DeployAsync(named, "ml-2");
        var half = await HalfUploadAsync(gateway.Client);

        await Task.WhenAll(project.Replicas.Select(r => r.KillAsync()));
        await project.StartAsync();
        await project.WaitUntilHealthyAsync(StartDeadline);

        await gateway.AwaitAsync(everywhere, "DEPLOYED", "ml-1", "ml-2");
        await gateway.AwaitAsync(named, "DEPLOYED", "ml-2");
        var golden = GoldenAnswer.Tiny()[0];
        golden.AssertEqual((await gateway.Client.EmbedAsync(everywhere, golden.Text))[0]);
        golden.AssertEqual((await gateway.Client.EmbedAsync(named, golden.Text))[0]);
        await EndUploadAsync(gateway.Client, half);
        await gateway.RemoveAsync(everywhere);
        await gateway.RemoveAsync(named);
    }

    private static async Task<ComposeReplica> VictimAsync(
        ComposeProject project, ClusterOperator gateway, bool supervisor)
    {
        var name = await gateway.SupervisorAsync();
        return project.Replicas.First(r => r.Name.StartsWith("data-", StringComparison.Ordinal)
            && (r.Name == name) == supervisor);
    }

    private static async Task<string> HalfUploadAsync(MlClient client)
    {
        var archive = ClusterOperator.Archive;
        var model = await client.RegisterMetaAsync(archive, 2, ClusterOperator.Config);
        var (status, body) = await client.UploadChunkAsync(model, 1, archive[(archive.Length / 2)..]);
        Assert.True(status == HttpStatusCode.OK, $"chunk 1 → {body.ToJsonString()}");
        return model;
    }

    // Several, so that one of them runs on the node that dies.
    private static async Task<string[]> DownloadsAsync(MlClient client, FileServer files)
    {
        const int count = 6;
        var body = MlClient.RegisterBody($"{files.Address}held.zip", ClusterOperator.Config);
        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(
            _ => client.OkAsync("POST", "/_plugins/_ml/models/_register", body)));
        await MlClient.UntilAsync(
            () => Task.FromResult(files.HeldRequests >= count), () => $"{count} downloads are under way");
        return [.. answers.Select(a => (string)a["task_id"]!)];
    }

    private static async Task EndUploadAsync(MlClient client, string model)
    {
        var archive = ClusterOperator.Archive;
        await MlClient.UntilAsync(
            async () => (await client.UploadChunkAsync(model, 0, archive[..(archive.Length / 2)])).Status
                == HttpStatusCode.OK,
            () => $"the rest of model {model} is taken");
        Assert.Equal("UPLOADED", (string?)(await OkOrRetryAsync(client, "GET", $"/_plugins/_ml/models/{model}"))["model_state"]);
    }

    private static async Task WholeLifeAsync(ComposeProject project)
    {
        using var client = new PatientClient([project["gateway-2"].Rest!]);
        await ModelLife.LiveAsync(client);
    }

    // Nothing but an answer or 503 that says when to come again.
    private static async Task<JsonNode> OkOrRetryAsync(MlClient client, string method, string path)
    {
        JsonNode? answer = null;
        await MlClient.UntilAsync(
            async () =>
            {
                var (status, body, retryAfter) = await client.AnswerAsync(method, path);
                Assert.True(
                    status == HttpStatusCode.OK || (status == HttpStatusCode.ServiceUnavailable && retryAfter is not null),
                    $"{method} {path} → {(int)status} {body.ToJsonString()}");
                answer = body;
                return status == HttpStatusCode.OK;
            },
            () => $"{method} {path} is answered");
        return answer!;
    }

    private async Task<(ComposeProject Project, ClusterOperator Gateway)> StartedAsync()
    {
        var started = await cluster.StartedAsync();
        return (started.Project, new ClusterOperator(started["gateway-1"]));
    }
}
