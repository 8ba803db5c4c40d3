using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Models;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>Changes of a model over HTTP (contract 3.7).</summary>
public sealed class ModelUpdateHttpTests : IAsyncLifetime
{
    private const string Unknown = "Failed to find model to update with the provided model id";
    private static readonly string Path = $"/_plugins/_ml/models/{Samples.Model}";
    private readonly GatewayHost _host = new();

    private FakeCluster Cluster => _host.Cluster;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        Cluster.Answer<UpdateModel>(c => new ModelUpdatedReply(c.ModelId, 5, Changed: true));
        Cluster.Answer<GetModel>(_ => Samples.Document(ModelStatus.Registered, Dialect.Current));
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Update_EveryField_ReachesTheModel()
    {
        var answer = await _host.OkAsync("PUT", Path, """
            {"name":"vectors","description":"new","is_enabled":false,"rate_limiter":{"limit":"4","unit":"minutes"},
             "model_config":{"pooling_mode":"cls","framework_type":"huggingface_transformers"},"unknown":{"a":[1]},
             "deploy_setting":{"is_auto_deploy_enabled":"true","model_ttl_minutes":"30","other":{}},
             "interface":{"input":{"type":"object", },"output":"true","other":{}}}
            """);

        Assert.Equal(
            Samples.OneLine("""
                {"_index":".plugins-ml-model","_id":"WWQI44MBbzI2oUKAvNUt","_version":5,"result":"updated",
                "_shards":{"total":1,"successful":1,"failed":0},"_seq_no":4,"_primary_term":1}
                """),
            answer);
        Assert.Equal(
            new ModelChanges(
                "vectors",
                "new",
                null,
                false,
                new RateLimiter("4", RateUnit.Minutes),
                new ModelConfig("", null, "HUGGINGFACE_TRANSFORMERS", PoolingMode: "CLS"))
            {
                DeploySetting = new DeploySetting(true, 30),
                Interface = new ModelInterface("""{"type":"object"}""", "true"),
            },
            Cluster.Single<UpdateModel>().Changes);
    }

    [Fact]
    public async Task Update_NothingNew_SaysSo()
    {
        Cluster.Answer<UpdateModel>(c => new ModelUpdatedReply(c.ModelId, 4, Changed: false));

        var answer = await _host.OkAsync("PUT", Path, "{}");

        Assert.Contains(
            "\"result\":\"noop\",\"_shards\":{\"total\":0,\"successful\":0,\"failed\":0}",
            answer,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_OtherGroup_IsItsNextVersion()
    {
        Cluster.Answer<AssignVersion>(c => new VersionReply(c.GroupId, 7));

        await _host.OkAsync("PUT", Path, $$"""{"model_group_id":"{{Samples.Group}}"}""");

        Assert.Equal(Samples.Model, Cluster.Single<AssignVersion>().ModelId);
        Assert.Equal(new GroupMembership(Samples.Group, 7), Cluster.Single<UpdateModel>().Changes.Group);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mine")]
    public async Task Update_SameGroupOrNone_TakesNoVersion(string group)
    {
        var document = Samples.Document(ModelStatus.Registered, Dialect.Current);
        Cluster.Answer<GetModel>(_ => document with { Spec = document.Spec with { ModelGroupId = "mine" } });

        await _host.OkAsync("PUT", Path, $$"""{"model_group_id":"{{group}}"}""");

        Assert.Null(Cluster.Single<UpdateModel>().Changes.Group);
        Assert.Empty(Cluster.Asked.OfType<AssignVersion>());
    }

    [Fact]
    public async Task Update_UnknownGroup_IsNotFound()
    {
        Cluster.Answer<AssignVersion>(c => new ModelGroupRejected(
            c.GroupId, new ProtocolError(ErrorCode.NotFound, "Failed to find model group")));

        var (_, reason) = await _host.RefusedAsync(404, "PUT", Path, """{"model_group_id":"nope"}""");

        Assert.Equal(
            "Failed to find the model group with the provided model group id in the update model input, "
            + "MODEL_GROUP_ID: nope",
            reason);
        Assert.Empty(Cluster.Asked.OfType<UpdateModel>());
    }

    [Theory]
    [InlineData("""{"model_group_id":"g"}""")]
    [InlineData("""{"name":"n"}""")]
    public async Task Update_UnknownModel_IsNotFound(string body)
    {
        Cluster.Answer<GetModel>(c => new ModelRejected(c.ModelId, new ProtocolError(ErrorCode.NotFound, "no")));
        Cluster.Answer<UpdateModel>(c => new ModelRejected(
            c.ModelId, new ProtocolError(ErrorCode.NotFound, $"{Unknown}: {c.ModelId}")));

        Assert.Equal(
            ("status_exception", $"{Unknown}: {Samples.Model}"), await _host.RefusedAsync(404, "PUT", Path, body));
        Assert.Equal(
            ("status_exception", $"{Unknown}: no id"),
            await _host.RefusedAsync(404, "PUT", "/_plugins/_ml/models/no%20id", body));
        Assert.Empty(Cluster.Asked.OfType<AssignVersion>());
    }

    [Theory]
    [InlineData(ErrorCode.Conflict, 409)]
    [InlineData(ErrorCode.Forbidden, 403)]
    public async Task Update_ModelSaysNo_HasItsStatus(ErrorCode code, int status)
    {
        Cluster.Answer<UpdateModel>(c => new ModelRejected(c.ModelId, new ProtocolError(code, "because")));

        Assert.Equal(("status_exception", "because"), await _host.RefusedAsync(status, "PUT", Path, "{}"));
    }

    [Theory]
    [InlineData(null, "parse_exception", "Update model request has empty body")]
    [InlineData("""{"connector":{}}""", "status_exception", "Trying to update the connector or connector_id field")]
    [InlineData("""{"connector_id":"c"}""", "status_exception", "Trying to update the connector or connector_id field")]
    [InlineData("""{"name":" "}""", "action_request_validation_exception", "Validation Failed: 1: Model name is req")]
    [InlineData("""{"name":"a\u0001"}""", "action_request_validation_exception", "Validation Failed: 1: Model name can")]
    [InlineData("""{"rate_limiter":{"limit":-1}}""", "illegal_argument_exception", "Limit field must be a positive")]
    [InlineData("""{"rate_limiter":null}""", "parsing_exception", "Failed to parse object: expecting token of type")]
    [InlineData("""{"deploy_setting":{"model_ttl_minutes":"x"}}""", "number_format_exception", "For input string: \"x\"")]
    [InlineData("""{"deploy_setting":{"is_auto_deploy_enabled":"x"}}""", "illegal_argument_exception", "Failed to parse")]
    [InlineData("""{"interface":"{}"}""", "parsing_exception", "Failed to parse object: expecting token of type")]
    [InlineData("""{"interface":{"input":"{"}}""", "illegal_argument_exception", "interface.input is not a JSON schema: ")]
    [InlineData("""{"interface":{"output":7}}""", "illegal_argument_exception", "interface.output is not a JSON schema: ")]
    [InlineData("""{"model_config":{"framework_type":"x"}}""", "illegal_argument_exception", "Wrong framework type")]
    [InlineData(
        """{"model_config":{"embedding_dimension":0}}""", "illegal_argument_exception", "embedding_dimension must be")]
    public async Task Update_WrongBody_IsRefused(string? body, string type, string reason)
    {
        var (actualType, actual) = await _host.RefusedAsync(400, "PUT", Path, body);

        Assert.Equal(type, actualType);
        Assert.StartsWith(reason, actual, StringComparison.Ordinal);
        Assert.Empty(Cluster.Asked);
    }

    [Theory]
    [InlineData(null, """{"is_auto_deploy_enabled":true,"model_ttl_minutes":-1}""")]
    [InlineData(30L, """{"is_auto_deploy_enabled":true,"model_ttl_minutes":30}""")]
    public async Task Get_ModelWithDeploySettingAndInterface_TellsThem(long? ttl, string setting)
    {
        var document = Samples.Document(ModelStatus.Registered, Dialect.Current);
        Cluster.Answer<GetModel>(_ => document with
        {
            Spec = document.Spec with
            {
                DeploySetting = new DeploySetting(true, ttl),
                Interface = new ModelInterface("""{"type":"object"}""", null),
            },
        });

        Assert.Equal(
            $$$"""{"deploy_setting":{{{setting}}},"interface":{"input":"{\"type\":\"object\"}"}}""",
            await _host.OkAsync("GET", $"{Path}?filter_path=deploy_setting,interface"));
    }

    [Fact]
    public async Task Get_ModelWithRules_TellsThem()
    {
        var document = Samples.Document(ModelStatus.Registered, Dialect.Current);
        Cluster.Answer<GetModel>(_ => document with
        {
            Spec = document.Spec with { IsEnabled = false, RateLimiter = new RateLimiter("4", RateUnit.Minutes) },
            IsControllerEnabled = true,
        });

        Assert.Equal(
            """{"is_enabled":false,"is_controller_enabled":true,"rate_limiter":{"limit":"4","unit":"MINUTES"}}""",
            await _host.OkAsync("GET", $"{Path}?filter_path=is_*,rate_limiter"));
    }
}
