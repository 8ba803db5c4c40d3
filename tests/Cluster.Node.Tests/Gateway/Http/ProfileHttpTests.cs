using System.Text.Json.Nodes;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Search;
using MlCluster.Messages.Serialization;
using MlCluster.Messages.Statistics;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Hosting;
using MlCluster.Node.Tests.Gateway.Support;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>Profile over HTTP, in every form and view (contract 6).</summary>
public sealed class ProfileHttpTests : IAsyncLifetime
{
    private static readonly LatencySummary Latency = new(11, 35, 6.1, 9.2, 7.4, 15.9, 34);
    private readonly GatewayHost _host = new() { Hocon = "mlcluster.gateway.profile-timeout = 500ms" };

    private FakeCluster Cluster => _host.Cluster;

    public Task InitializeAsync()
    {
        Cluster.Publish(Samples.GatewayAndMl);
        return _host.InitializeAsync();
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(Dialect.Current, "DEPLOYED")]
    [InlineData(Dialect.Legacy, "LOADED")]
    public async Task Profile_Models_TellWhereAndHowTheyAreServed(Dialect dialect, string state)
    {
        AnswerProfiles(dialect);

        var profile = JsonNode.Parse(await _host.OkAsync("GET", "/_plugins/_ml/profile/models"))!;

        var model = profile["nodes"]![Samples.NodeA.Value]!["models"]![Samples.Model.Value]!;
        Assert.Equal(state, (string?)model["model_state"]);
        Assert.Equal("padded", (string?)model["batching"]);
        Assert.Equal("cpu", (string?)model["device"]);
        Assert.Equal(7.4, (double)model["model_inference_stats"]!["p50"]!);
        Assert.Equal($"[\"{Samples.NodeA}\"]", model["worker_nodes"]!.ToJsonString());
        Assert.Equal($"[\"{Samples.NodeA}\"]", model["target_worker_nodes"]!.ToJsonString());
        Assert.Null(profile["nodes"]![Samples.NodeB.Value]);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task Profile_OwnerGivesNoAnswer_TellsTheModelWithoutItsDocument(bool hangs)
    {
        AnswerProfiles(Dialect.Legacy);
        Cluster.AnswerLater<GetModel>((_, cancelled) => hangs
            ? new TaskCompletionSource<object>().Task.WaitAsync(cancelled)
            : Task.FromException<object>(new ClusterUnavailableException("nobody answers")));

        var model = JsonNode.Parse(await _host.OkAsync("GET", "/_plugins/_ml/profile/models"))!
            ["nodes"]![Samples.NodeA.Value]!["models"]![Samples.Model.Value]!;

        Assert.Equal($"[\"{Samples.NodeA}\"]", model["worker_nodes"]!.ToJsonString());
        Assert.Empty(model["target_worker_nodes"]!.AsArray());
    }

    [Fact]
    public async Task Profile_ViewByModel_TurnsItAround()
    {
        AnswerProfiles(Dialect.Current);

        var profile = JsonNode.Parse(
            await _host.OkAsync("GET", $"/_plugins/_ml/profile/models/{Samples.Model}?view=model"))!;

        Assert.Equal(
            "serving", (string?)profile["models"]![Samples.Model.Value]!["nodes"]![Samples.NodeA.Value]!["stage"]);
        Assert.All(Cluster.Asked.OfType<GetNodeProfile>(), q => Assert.Equal([Samples.Model], q.ModelIds));
    }

    [Fact]
    public async Task Profile_NamedTask_IsToldWhileItRuns()
    {
        Cluster.Answer<GetTask>(_ => Samples.TaskDocument(TaskType.DeployModel, TaskStatus.Running, Dialect.Legacy));

        var profile = JsonNode.Parse(await _host.OkAsync("GET", $"/_plugins/_ml/profile/tasks/{Samples.Task}"))!;

        Assert.Equal(
            "LOAD_MODEL", (string?)profile["nodes"]![Samples.NodeA.Value]!["tasks"]![Samples.Task.Value]!["task_type"]);
    }

    [Fact]
    public async Task Profile_NothingKnown_IsEmpty() =>
        Assert.Equal("{}", await _host.OkAsync("GET", "/_plugins/_ml/profile"));

    [Fact]
    public async Task Profile_Body_DecidesInsteadOfThePath()
    {
        AnswerProfiles(Dialect.Current);

        await _host.OkAsync(
            "GET", "/_plugins/_ml/profile",
            $$"""{"node_ids":["{{Samples.NodeA}}"],"return_all_models":true,"unknown":1}""");

        Assert.Empty(Cluster.Single<GetNodeProfile>().ModelIds);
        Assert.Empty(Cluster.Asked.OfType<SearchDocuments>());
        Assert.NotEmpty(Cluster.Paths);
        Assert.All(Cluster.Paths, p => Assert.Contains("10.0.0.75", p, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ONNX", "TEXT_EMBEDDING", "ONNX on cpu, batching padded", 1500)]
    [InlineData("TORCH_SCRIPT", "TEXT_EMBEDDING", "TorchScript on cpu, batching padded", 1200)]
    [InlineData("", "TEXT_EMBEDDING", "TorchScript on cpu, batching padded", 1200)]
    [InlineData("ONNX", "SPARSE_TOKENIZE", "tokenizer on cpu, batching padded", 1500)]
    public async Task Profile_WhatRunsTheModel_IsNamedAndItsMemoryReckonedByIt(
        string format, string function, string predictor, int bytes)
    {
        AnswerProfiles(Dialect.Current, format, function);

        var model = await ModelAsync("/_plugins/_ml/profile");

        Assert.Equal(predictor, (string?)model["predictor"]);
        Assert.Equal(bytes, (int)model["memory_size_estimation_cpu"]!);
    }

    [Fact]
    public async Task Profile_RequestTimes_AreToldOfTheGatewayThatRoutedThem()
    {
        AnswerProfiles(Dialect.Current);
        Cluster.Publish(
            Samples.Node(Samples.NodeA, Samples.Served) with { Roles = ["ml"] },
            Samples.Node(Samples.NodeB) with { Roles = ["gateway"] });
        Cluster.Answer<GetNodeStatistics>(_ => new NodeStatisticsReply(
            Samples.NodeB, new NodeNumbers(0, 0, 0, 0, 0, 0), [])
        {
            Routed =
            [
                new RoutedPredictions(Samples.Model, Latency with { Average = 77 }),
                new RoutedPredictions(new ModelId("nobody-serves-it"), Latency),
            ],
        });

        var nodes = JsonNode.Parse(await _host.OkAsync("GET", "/_plugins/_ml/profile/models"))!["nodes"]!;

        var served = nodes[Samples.NodeA.Value]!["models"]![Samples.Model.Value]!;
        Assert.Null(served["predict_request_stats"]);
        Assert.Equal(9.2, (double)served["serving_stats"]!["average"]!);
        var (id, routed) = Assert.Single(nodes[Samples.NodeB.Value]!["models"]!.AsObject());
        Assert.Equal(Samples.Model.Value, id);
        Assert.Equal(
            ["predict_request_stats", "target_worker_nodes", "worker_nodes"], routed!.AsObject().Select(f => f.Key));
        Assert.Equal(77, (double)routed["predict_request_stats"]!["average"]!);
    }

    [Theory]
    [InlineData("/profile", null)]
    [InlineData("/profile/tasks", null)]
    [InlineData("/profile", """{"return_all_tasks":true}""")]
    public async Task Profile_AllTasks_ListsWhatRuns(string path, string? body)
    {
        AnswerProfiles(Dialect.Current);
        AnswerTasks();

        var nodes = JsonNode.Parse(await _host.OkAsync("GET", $"/_plugins/_ml{path}", body))!["nodes"]!;

        var asked = Cluster.Single<SearchDocuments>();
        var wanted = Assert.IsType<TermsQuery>(SearchQueryBytes.Decode(asked.Query));
        Assert.Equal(DocumentKind.Task, asked.Kind);
        Assert.Equal("state", wanted.Field);
        Assert.Equal(["CREATED", "RUNNING"], wanted.Values);
        var tasks = nodes[Samples.NodeA.Value]!["tasks"]!;
        Assert.Equal("RUNNING", (string?)tasks[Samples.Task.Value]!["state"]);
        Assert.Equal("DEPLOY_MODEL", (string?)tasks[Samples.Task.Value]!["task_type"]);
        Assert.Equal("CREATED", (string?)tasks["registering"]!["state"]);
        Assert.Equal("REGISTER_MODEL", (string?)tasks["registering"]!["task_type"]);
        Assert.Equal(
            Samples.OneLine($$"""
                {"model_id":"{{Samples.Model}}","task_type":"PREDICTION","function_name":"TEXT_EMBEDDING",
                "state":"RUNNING","worker_node":["{{Samples.NodeA}}"],"create_time":5,"last_update_time":5,
                "is_async":false}
                """),
            tasks["predicting"]!.ToJsonString());
        Assert.Equal([Samples.Task.Value], nodes[Samples.NodeB.Value]!["tasks"]!.AsObject().Select(t => t.Key));
    }

    [Fact]
    public async Task Profile_TasksByModel_AreOfTheirModel()
    {
        AnswerProfiles(Dialect.Current);
        AnswerTasks();

        var models = JsonNode.Parse(await _host.OkAsync("GET", "/_plugins/_ml/profile/tasks?view=model"))!["models"]!;

        var (id, model) = Assert.Single(models.AsObject());
        Assert.Equal(Samples.Model.Value, id);
        Assert.Equal(
            [Samples.Task.Value, "registering", "predicting"], model!["tasks"]!.AsObject().Select(t => t.Key));
    }

    [Fact]
    public async Task Profile_NodesAndTasks_TellsTasksOfTheseNodes()
    {
        AnswerProfiles(Dialect.Current);
        AnswerTasks();

        var body = $$"""{"node_ids":["{{Samples.NodeB}}"],"return_all_tasks":true}""";
        var nodes = JsonNode.Parse(await _host.OkAsync("GET", "/_plugins/_ml/profile", body))!["nodes"]!;

        var (node, profile) = Assert.Single(nodes.AsObject());
        Assert.Equal(Samples.NodeB.Value, node);
        Assert.Equal([Samples.Task.Value], profile!["tasks"]!.AsObject().Select(t => t.Key));
    }

    [Fact]
    public async Task Profile_NamedPrediction_IsToldWhileItRuns()
    {
        AnswerProfiles(Dialect.Current);
        Cluster.Answer<GetTask>(t => new TaskRejected(
            t.TaskId, new ProtocolError(ErrorCode.NotFound, "Failed to find task")));

        var answer = await _host.OkAsync("GET", "/_plugins/_ml/profile/tasks/predicting,nobody");

        var nodes = JsonNode.Parse(answer)!["nodes"]!;
        Assert.Equal(["predicting"], nodes[Samples.NodeA.Value]!["tasks"]!.AsObject().Select(t => t.Key));
    }

    [Fact]
    public async Task Profile_NoDataNodeTellsTasks_ModelsAreToldAndTasksAloneRefused()
    {
        AnswerProfiles(Dialect.Current);

        var profile = JsonNode.Parse(await _host.OkAsync("GET", "/_plugins/_ml/profile"))!;

        Assert.NotNull(profile["nodes"]![Samples.NodeA.Value]!["models"]![Samples.Model.Value]);
        await _host.RefusedAsync(503, "GET", "/_plugins/_ml/profile/tasks");
    }

    [Fact]
    public async Task Profile_ModelsAlone_AsksForNoPredictions()
    {
        AnswerProfiles(Dialect.Current);

        await _host.OkAsync("GET", "/_plugins/_ml/profile/models");

        Assert.All(Cluster.Asked.OfType<GetNodeProfile>(), q => Assert.False(q.WithPredictions));
        Assert.Empty(Cluster.Asked.OfType<SearchDocuments>());
    }

    private async Task<JsonNode> ModelAsync(string path) =>
        JsonNode.Parse(await _host.OkAsync("GET", path))!
            ["nodes"]![Samples.NodeA.Value]!["models"]![Samples.Model.Value]!;

    // One that two nodes work on, and one that a single node does.
    private void AnswerTasks()
    {
        var deployment = Samples.TaskDocument(TaskType.DeployModel, TaskStatus.Running, Dialect.Current);
        var registration = deployment with
        {
            TaskId = new TaskId("registering"),
            Type = TaskType.RegisterModel,
            Status = TaskStatus.Created,
            WorkerNodes = [Samples.NodeA],
        };
        Cluster.Answer<SearchDocuments>(_ => new DocumentsFound(
            2,
            null,
            [
                .. new[] { deployment, registration }.Select(t =>
                    new SearchHit(t.TaskId.Value, 1, 1, 1, [], DocumentBytes.Encode(t))),
            ],
            false));
    }

    private void AnswerProfiles(
        Dialect dialect, string format = "TORCH_SCRIPT", string function = "TEXT_EMBEDDING")
    {
        var serving = new ServingProfile(
            "cpu", "padded", 2, 0, 11, 5, 0.1, 11, 0, new ServingLatencies(Latency, Latency, Latency, Latency));
        Cluster.Answer<GetNodeProfile>(q => Cluster.Paths.Last().Contains("10.0.0.75", StringComparison.Ordinal)
            ? new NodeProfileReply(
                Samples.NodeA,
                [
                    new ModelProfile(Samples.Model, ModelStage.Serving, function, 1000, null, serving)
                    {
                        ModelFormat = format,
                        Predictions = q.WithPredictions ? [new RunningPrediction(new TaskId("predicting"), 5)] : [],
                    },
                ])
            : new NodeProfileReply(Samples.NodeB, []));
        Cluster.Answer<GetModel>(_ => Samples.Document(
            ModelStatus.Deployed, dialect, new NodeDeployment(Samples.NodeA, NodeDeploymentStatus.Loaded, null)));
    }
}
