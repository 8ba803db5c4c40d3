using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Tests.Gateway.Support;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>The seed page's requests: what reaches the cluster, and the page's answers field by field.</summary>
public sealed class WalkThroughHttpTests : IAsyncLifetime
{
    private static readonly string ModelPath = $"/_plugins/_ml/models/{Samples.Model}";
    private readonly GatewayHost _host = new();

    private FakeCluster Cluster => _host.Cluster;

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("_upload", 1, false)]
    [InlineData("_upload?load=true", 1, true)]
    [InlineData("_upload?deploy", 1, true)]
    [InlineData("_register", 0, false)]
    [InlineData("_register?deploy=true", 0, true)]
    public async Task Upload_SeedPagesBody_StartsATask(string route, int dialect, bool deploys)
    {
        Cluster.Answer<RegisterModel>(c => new ModelAccepted(c.ModelId));

        var answer = await _host.OkAsync("POST", $"/_plugins/_ml/models/{route}", Samples.SeedUpload);

        var command = Cluster.Single<RegisterModel>();
        Assert.Equal($$"""{"task_id":"{{command.TaskId}}","status":"CREATED"}""", answer);
        Assert.Equal(20, command.TaskId.Value.Length);
        var group = Cluster.Single<AssignVersion>();
        Assert.Equal(command.ModelId, group.ModelId);
        Assert.Equal(Samples.Spec with { ModelGroupId = group.GroupId.Value }, command.Spec);
        Assert.Equal("https://example.org/model.zip?raw=true", command.Url);
        Assert.Null(command.Sha256);
        Assert.Equal((Dialect)dialect, command.Dialect);
        Assert.Equal(deploys, command.Deploy is not null);
    }

    [Theory]
    [InlineData("meta", 1)]
    [InlineData("_register_meta", 0)]
    public async Task RegisterMeta_AnyRoute_MakesADocument(string route, int dialect)
    {
        Cluster.Answer<RegisterModelMeta>(c => new ModelAccepted(c.ModelId));
        var hash = new string('a', 64);

        var answer = await _host.OkAsync("POST", $"/_plugins/_ml/models/{route}", $$"""
            {"name":"a","version":"1","model_format":"TORCH_SCRIPT",
             "model_content_hash_value":"{{hash}}","total_chunks":9,
             "model_content_size_in_bytes":83408741,"model_group_id":"",
             "model_config":{"model_type":"bert","embedding_dimension":384,"framework_type":"sentence_transformers"} }
            """);

        var command = Cluster.Single<RegisterModelMeta>();
        Assert.Equal($$"""{"model_id":"{{command.ModelId}}","status":"CREATED"}""", answer);
        Assert.Equal(
            (9, 83408741L, hash, (Dialect)dialect),
            (command.TotalChunks, command.SizeBytes!.Value, command.Sha256, command.Dialect));
        Assert.Equal(Cluster.Single<AssignVersion>().GroupId.Value, command.Spec.ModelGroupId);
    }

    [Fact]
    public async Task GetTask_Legacy_IsTheSeedPagesAnswer()
    {
        var document = Samples.TaskDocument(TaskType.RegisterModel, TaskStatus.Completed, Dialect.Legacy);
        Cluster.Answer<GetTask>(_ => document with { WorkerNodes = [Samples.NodeA] });

        Assert.Equal(
            Samples.OneLine("""
                {"model_id":"WWQI44MBbzI2oUKAvNUt","task_type":"UPLOAD_MODEL","function_name":"TEXT_EMBEDDING",
                "state":"COMPLETED","worker_node":"KzONM8c8T4Od-NoUANQNGg","create_time":3455961564003,
                "last_update_time":3216361373241,"is_async":true}
                """),
            await _host.OkAsync("GET", $"/_plugins/_ml/tasks/{Samples.Task}"));
        Assert.Equal(Samples.Task, Cluster.Single<GetTask>().TaskId);
    }

    [Fact]
    public async Task GetTask_Current_HasTodaysWords()
    {
        Cluster.Answer<GetTask>(_ => Samples.TaskDocument(TaskType.DeployModel, TaskStatus.Failed, Dialect.Current) with
        {
            ModelId = null,
            Progress = 0.5f,
            Error = """{"n":"model content changed"}""",
        });

        Assert.Equal(
            Samples.OneLine("""
                {"task_type":"DEPLOY_MODEL","function_name":"TEXT_EMBEDDING","state":"FAILED","progress":0.5,
                "worker_node":["KzONM8c8T4Od-NoUANQNGg","s5JwjZRqTY6nOT0EvFwVdA"],"create_time":3455961564003,
                "last_update_time":3216361373241,"error":"{\"n\":\"model content changed\"}","is_async":true}
                """),
            await _host.OkAsync("GET", $"/_plugins/_ml/tasks/{Samples.Task}"));
    }

    [Theory]
    [InlineData("_load", 1, "LOAD_MODEL")]
    [InlineData("_deploy", 0, "DEPLOY_MODEL")]
    public async Task Load_WithAndWithoutNodes_StartsATask(string route, int dialect, string type)
    {
        Cluster.Answer<DeployModel>(c => new ModelAccepted(c.ModelId));

        var answer = await _host.OkAsync("POST", $"{ModelPath}/{route}");
        await _host.OkAsync("POST", $"{ModelPath}/{route}", """{"node_ids": ["4PLK7KJWReyX0oWKnBA8nA"]}""");

        var commands = Cluster.Asked.OfType<DeployModel>().ToList();
        Assert.Equal($$"""{"task_id":"{{commands[0].TaskId}}","task_type":"{{type}}","status":"CREATED"}""", answer);
        Assert.Empty(commands[0].NodeIds);
        Assert.Equal(["4PLK7KJWReyX0oWKnBA8nA"], commands[1].NodeIds);
        Assert.All(commands, c => Assert.Equal((Dialect)dialect, c.Dialect));
    }

    [Fact]
    public async Task GetModel_Legacy_HasTheOldWords()
    {
        Cluster.Answer<GetModel>(_ => Samples.Document(
            ModelStatus.Deployed, Dialect.Legacy,
            new NodeDeployment(Samples.NodeA, NodeDeploymentStatus.Loaded, null)));

        Assert.Equal(
            Samples.OneLine("""
                {"name":"all-MiniLM-L6-v2","algorithm":"TEXT_EMBEDDING","model_version":"1.0.0",
                "description":"test model","model_format":"TORCH_SCRIPT","model_state":"LOADED",
                "model_content_size_in_bytes":83408741,"model_content_hash_value":"9376c2eb",
                "model_config":{"model_type":"bert","embedding_dimension":384,
                "framework_type":"SENTENCE_TRANSFORMERS"},"created_time":1665961344044,
                "last_updated_time":1665961815959,"last_uploaded_time":1665961373000,
                "last_loaded_time":1665961815959,"total_chunks":9,"planning_worker_node_count":1,
                "current_worker_node_count":1,"planning_worker_nodes":["KzONM8c8T4Od-NoUANQNGg"],
                "deploy_to_all_nodes":true}
                """),
            await _host.OkAsync("GET", $"{ModelPath}?return_content=true"));
    }

    [Theory]
    [InlineData(ModelStatus.Registering, "UPLOADING", "REGISTERING")]
    [InlineData(ModelStatus.Registered, "UPLOADED", "REGISTERED")]
    [InlineData(ModelStatus.Deploying, "LOADING", "DEPLOYING")]
    [InlineData(ModelStatus.PartiallyDeployed, "PARTIALLY_LOADED", "PARTIALLY_DEPLOYED")]
    [InlineData(ModelStatus.Undeployed, "UNLOADED", "UNDEPLOYED")]
    [InlineData(ModelStatus.DeployFailed, "LOAD_FAILED", "DEPLOY_FAILED")]
    public async Task GetModel_State_FollowsTheDialect(ModelStatus status, string legacy, string current)
    {
        foreach (var (dialect, word) in new[] { (Dialect.Legacy, legacy), (Dialect.Current, current) })
        {
            Cluster.Answer<GetModel>(_ => Samples.Document(status, dialect));

            Assert.Equal(
                $$"""{"model_state":"{{word}}"}""", await _host.OkAsync("GET", $"{ModelPath}?filter_path=model_state"));
        }
    }

    [Fact]
    public async Task Predict_SeedPagesBody_IsTheSeedPagesAnswer()
    {
        Cluster.Publish(Samples.Node(Samples.NodeA, Samples.Served));
        Cluster.Answer<PredictRequest>(r =>
            Samples.Reply(r, _ => Samples.Floats("sentence_embedding", -0.023315024f, 0.08975691f, 0.078479774f)));

        var answer = await _host.OkAsync(
            "POST",
            $"{ModelPath}/_predict",
            """{"text_docs":[ "today is sunny"],"return_number": true,"target_response": ["sentence_embedding"]}""");

        Assert.Equal(
            Samples.OneLine("""
                {"inference_results":[{"output":[{"name":"sentence_embedding","data_type":"FLOAT32","shape":[3],
                "data":[-0.023315024,0.08975691,0.078479774]}]}]}
                """),
            answer);
        Assert.Equal("akka.tcp://mlcluster@10.0.0.75:4053/user/model-host", Assert.Single(Cluster.Paths));
        var request = Cluster.Single<PredictRequest>();
        Assert.Equal(["today is sunny"], request.Texts);
        Assert.Equal(["sentence_embedding"], request.TargetResponse);
    }

    [Theory]
    [InlineData("_unload", "deleted")]
    [InlineData("_undeploy", "undeployed")]
    public async Task Unload_OneModel_SaysWhatEachNodeDid(string route, string word)
    {
        Cluster.Publish(Samples.Node(Samples.NodeA), Samples.Node(Samples.NodeB));
        Cluster.Answer<UndeployModel>(c => new ModelUndeployed(
            c.ModelId, new Dictionary<string, bool> { [Samples.NodeB.Value] = true, [Samples.NodeA.Value] = false },
            c.Dialect));

        Assert.Equal(
            "{\"KzONM8c8T4Od-NoUANQNGg\":{\"stats\":{\"WWQI44MBbzI2oUKAvNUt\":\"not_found\"}},"
            + "\"s5JwjZRqTY6nOT0EvFwVdA\":{\"stats\":{\"WWQI44MBbzI2oUKAvNUt\":\"" + word + "\"}}}",
            await _host.OkAsync("POST", $"{ModelPath}/{route}"));
        Assert.Empty(Cluster.Single<UndeployModel>().NodeIds);
    }

    [Fact]
    public async Task Delete_ModelAndTask_AnswerAsDocuments()
    {
        Cluster.Answer<DeleteModel>(c => new ModelDeletedReply(c.ModelId, 5));
        Cluster.Answer<DeleteTask>(c => new TaskDeletedReply(c.TaskId, 3));

        Assert.Equal(
            Samples.OneLine("""
                {"_index":".plugins-ml-model","_id":"WWQI44MBbzI2oUKAvNUt","_version":5,"result":"deleted",
                "_shards":{"total":1,"successful":1,"failed":0},"_seq_no":4,"_primary_term":1}
                """),
            await _host.OkAsync("DELETE", ModelPath));
        Assert.Equal(
            Samples.OneLine("""
                {"_index":".plugins-ml-task","_id":"ew8I44MBhyWuIwnfvDIH","_version":3,"result":"deleted",
                "_shards":{"total":1,"successful":1,"failed":0},"_seq_no":2,"_primary_term":1}
                """),
            await _host.OkAsync("DELETE", $"/_plugins/_ml/tasks/{Samples.Task}"));
    }
}
