using System.Text.Json.Nodes;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Settings;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Settings;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary><c>_cluster/settings</c>, and what settings forbid (contract 9, 13).</summary>
public sealed class SettingsHttpTests : IAsyncLifetime
{
    private const string Path = "/_cluster/settings";
    private const string Prefix = "plugins.ml_commons.";
    private const string Nodes = """{"node_ids":["n"]}""";
    private const string Texts = """{"text_docs":["x"]}""";
    private const string Register =
        """
        {"name":"m","version":"1","model_format":"TORCH_SCRIPT","url":"https://example.org/m.zip","model_config":
         {"model_type":"bert","embedding_dimension":8,"framework_type":"sentence_transformers"}}
        """;

    private readonly GatewayHost _host = new() { Hocon = "mlcluster.ml.max-models = 3" };

    private FakeCluster Cluster => _host.Cluster;

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Put_PersistentAndTransient_AreTakenAndToldAsTexts()
    {
        Cluster.Answer<ChangeSettings>(_ => new SettingsChanged(true, 1));

        var answer = await _host.OkAsync("PUT", Path, """
            {"persistent":{"plugins":{"ml_commons":{
               "max_model_on_node":5,"trusted_connector_endpoints_regex":["a","b"]}}},
             "transient":{"plugins.ml_commons.only_run_on_ml_node":false,"plugins.ml_commons.model_*":null}}
            """);

        Assert.Equal(
            Samples.OneLine("""
                {"acknowledged":true,"persistent":{"plugins":{"ml_commons":{
                "max_model_on_node":"5","trusted_connector_endpoints_regex":["a","b"]}}},
                "transient":{"plugins":{"ml_commons":{"only_run_on_ml_node":"false"}}}}
                """),
            answer);
        var command = Cluster.Single<ChangeSettings>();
        Assert.Equal(
            [
                new SettingChange($"{Prefix}max_model_on_node", "5"),
                new SettingChange($"{Prefix}trusted_connector_endpoints_regex", """["a","b"]"""),
            ],
            command.Persistent);
        Assert.Equal(
            [
                new SettingChange($"{Prefix}only_run_on_ml_node", "false"),
                new SettingChange($"{Prefix}model_*", null),
            ],
            command.Transient);
    }

    [Fact]
    public async Task Put_Flat_IsAnsweredFlat_AndSlowNodesAreTold()
    {
        Cluster.Answer<ChangeSettings>(_ => new SettingsChanged(false, 1));

        var body = """{"persistent":{"plugins.ml_commons.max_model_on_node":"5"}}""";
        var answer = await _host.OkAsync("PUT", $"{Path}?flat_settings=true&timeout=30s&master_timeout=30s", body);

        Assert.Equal(
            """{"acknowledged":false,"persistent":{"plugins.ml_commons.max_model_on_node":"5"},"transient":{}}""",
            answer);
    }

    [Fact]
    public async Task Put_Refused_HasOpenSearchsWords()
    {
        Assert.Equal(
            ("illegal_argument_exception", "persistent setting [plugins.ml_commons.x], not recognized"),
            await _host.RefusedAsync(400, "PUT", Path, """{"persistent":{"plugins.ml_commons.x":1}}"""));
        Assert.Equal(
            ("action_request_validation_exception", "Validation Failed: 1: no settings to update;"),
            await _host.RefusedAsync(400, "PUT", Path, """{"persistent":{}}"""));
        Assert.Empty(Cluster.Asked);
    }

    [Fact]
    public async Task Put_OwnerRefuses_IsTold()
    {
        Cluster.Answer<ChangeSettings>(_ =>
            new SettingsRejected(new ProtocolError(ErrorCode.Unavailable, "the journal could not be written")));

        await _host.RefusedAsync(503, "PUT", Path, """{"persistent":{"plugins.ml_commons.max_model_on_node":1}}""");
    }

    [Fact]
    public async Task Put_OwnerDoesNotAnswer_IsUnavailable() =>
        await _host.RefusedAsync(503, "PUT", Path, """{"persistent":{"plugins.ml_commons.max_model_on_node":1}}""");

    [Fact]
    public async Task Get_NestedAndFlat()
    {
        Assert.Equal("""{"persistent":{},"transient":{}}""", await _host.OkAsync("GET", Path));
        _host.Set($"{Prefix}model_auto_redeploy.enable", "false");
        _host.Set($"{Prefix}model_auto_redeploy_success_ratio", "0.5");

        Assert.Equal(
            Samples.OneLine("""
                {"persistent":{"plugins":{"ml_commons":{"model_auto_redeploy":{"enable":"false"},
                "model_auto_redeploy_success_ratio":"0.5"}}},"transient":{}}
                """),
            await _host.OkAsync("GET", Path));
        Assert.Equal(
            Samples.OneLine("""
                {"persistent":{"plugins.ml_commons.model_auto_redeploy.enable":"false",
                "plugins.ml_commons.model_auto_redeploy_success_ratio":"0.5"},"transient":{}}
                """),
            await _host.OkAsync("GET", $"{Path}?flat_settings"));
    }

    [Fact]
    public async Task Get_WithDefaults_TellsEverySettingOnce()
    {
        _host.Set(MlSettings.AutoRedeploy.Name, "false");

        var answer = JsonNode.Parse(await _host.OkAsync("GET", $"{Path}?include_defaults=true&flat_settings=true"))!;

        var defaults = answer["defaults"]!.AsObject();
        Assert.Equal(SettingsCatalog.All.Count - 1, defaults.Count);
        Assert.Null(defaults[MlSettings.AutoRedeploy.Name]);
        // The node's own configuration.
        Assert.Equal("3", (string?)defaults[MlSettings.MaxModelOnNode.Name]);
        Assert.Equal("600", (string?)defaults[MlSettings.TaskTimeoutSeconds.Name]);
        Assert.Equal(
            """["data","ml"]""", defaults[$"{Prefix}task_dispatcher.eligible_node_role.local_model"]!.ToJsonString());
    }

    [Fact]
    public async Task Get_SettingsNotKnownYet_IsUnavailable()
    {
        var host = new GatewayHost { Settings = new ClusterSettings() };
        await host.InitializeAsync();
        try
        {
            await host.RefusedAsync(503, "GET", Path);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("allow_registering_model_via_url", "/models/_register", Register, "To upload custom model user")]
    [InlineData("allow_registering_model_via_url", "/models/_upload", Register, "To upload custom model user")]
    [InlineData("allow_registering_model_via_local_file", "/models/_register_meta", "{}", "To upload custom model")]
    [InlineData("allow_registering_model_via_local_file", "/models/a/upload_chunk/0", "x", "To upload custom model")]
    [InlineData("allow_custom_deployment_plan", "/models/a/_deploy", Nodes, "Don't allow custom deployment plan")]
    [InlineData("allow_custom_deployment_plan", "/models/a/_undeploy", Nodes, "Don't allow custom deployment plan")]
    [InlineData("local_model.enabled", "/models/_register", Register, "Local Model is currently disabled.")]
    [InlineData("local_model.enabled", "/models/meta", "{}", "Local Model is currently disabled.")]
    [InlineData("local_model.enabled", "/models/a/_load", null, "Local Model is currently disabled.")]
    [InlineData("local_model.enabled", "/models/a/_predict", Texts, "Local Model is currently disabled.")]
    public async Task Setting_Off_Forbids(string setting, string path, string? body, string reason)
    {
        _host.Set(Prefix + setting, "false");

        var refused = await _host.RefusedAsync(400, "POST", $"/_plugins/_ml{path}", body);

        Assert.StartsWith(reason, refused.Reason, StringComparison.Ordinal);
        Assert.Empty(Cluster.Asked);
    }

    [Fact]
    public async Task Setting_CustomPlanOff_LeavesDeploymentsToAll()
    {
        _host.Set(MlSettings.AllowCustomDeploymentPlan.Name, "false");
        Cluster.Answer<DeployModel>(c => new ModelAccepted(c.ModelId));

        await _host.OkAsync("POST", "/_plugins/_ml/models/a/_deploy");
    }

    [Fact]
    public async Task Setting_TrustedUrl_HoldsFromTheNextRequest()
    {
        Cluster.Answer<RegisterModel>(c => new ModelAccepted(c.ModelId));
        await _host.OkAsync("POST", "/_plugins/_ml/models/_register", Register);

        _host.Set(MlSettings.TrustedUrlRegex.Name, "^https://models\\.example/");

        Assert.Equal(
            "URL can't match trusted url regex",
            (await _host.RefusedAsync(400, "POST", "/_plugins/_ml/models/_register", Register)).Reason);
        Cluster.Single<RegisterModel>();
    }
}
