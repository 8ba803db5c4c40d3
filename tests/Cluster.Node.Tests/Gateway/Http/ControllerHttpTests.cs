using MlCluster.Messages.Models;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>Controllers of models over HTTP (contract 8).</summary>
public sealed class ControllerHttpTests : IAsyncLifetime
{
    private const string Body = """{"user_rate_limiter":{"user":{"limit":4,"unit":"MINUTES"},"nobody":{}},"x":1}""";
    private static readonly UserRateLimiter[] Users = [new("user", new RateLimiter("4", RateUnit.Minutes))];
    private static readonly string Path = $"/_plugins/_ml/controllers/{Samples.Model}";
    private readonly GatewayHost _host = new();

    private FakeCluster Cluster => _host.Cluster;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        Cluster.Answer<SaveController>(c => new ControllerSavedReply(c.ModelId, 2, IsNew: !c.MustExist));
        Cluster.Answer<GetController>(c => new ControllerDocument(c.ModelId, Users));
        Cluster.Answer<DeleteController>(c => new ControllerDeletedReply(c.ModelId, 3));
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(true, "CREATED")]
    [InlineData(false, "UPDATED")]
    public async Task Create_Controller_SaysWhetherItIsNew(bool isNew, string status)
    {
        Cluster.Answer<SaveController>(c => new ControllerSavedReply(c.ModelId, 2, isNew));

        Assert.Equal(
            $$"""{"model_id":"WWQI44MBbzI2oUKAvNUt","status":"{{status}}"}""", await _host.OkAsync("POST", Path, Body));

        var command = Cluster.Single<SaveController>();
        Assert.False(command.MustExist);
        Assert.Equal(Users, command.Users);
    }

    [Fact]
    public async Task Update_Controller_IsTheAnswerForDocuments()
    {
        Assert.Equal(
            Samples.OneLine("""
                {"_index":".plugins-ml-controller","_id":"WWQI44MBbzI2oUKAvNUt","_version":2,"result":"updated",
                "_shards":{"total":1,"successful":1,"failed":0},"_seq_no":1,"_primary_term":1}
                """),
            await _host.OkAsync("PUT", Path, Body));
        Assert.True(Cluster.Single<SaveController>().MustExist);
    }

    [Fact]
    public async Task Get_Controller_IsWhatWasSaid() => Assert.Equal(
        Samples.OneLine("""
            {"model_id":"WWQI44MBbzI2oUKAvNUt",
            "user_rate_limiter":{"user":{"limit":"4","unit":"MINUTES"}}}
            """),
        await _host.OkAsync("GET", Path));

    [Fact]
    public async Task Delete_Controller_IsTheAnswerForDocuments() => Assert.Equal(
        Samples.OneLine("""
            {"_index":".plugins-ml-controller","_id":"WWQI44MBbzI2oUKAvNUt","_version":3,"result":"deleted",
            "_shards":{"total":1,"successful":1,"failed":0},"_seq_no":2,"_primary_term":1}
            """),
        await _host.OkAsync("DELETE", Path));

    [Theory]
    [InlineData("POST", Body)]
    [InlineData("PUT", Body)]
    [InlineData("GET", null)]
    [InlineData("DELETE", null)]
    public async Task Controllers_SwitchedOff_AreRefused(string method, string? body)
    {
        _host.Set("plugins.ml_commons.controller_enabled", "false");

        var (type, reason) = await _host.RefusedAsync(400, method, Path, body);

        Assert.Equal("illegal_argument_exception", type);
        Assert.Equal(
            "Controller is currently disabled. To enable it, update the setting "
            + "\"plugins.ml_commons.controller_enabled\" to true.",
            reason);
        Assert.Empty(Cluster.Asked);
    }

    [Theory]
    [InlineData("""{"user_rate_limiter":{"user":{"limit":0}}}""", "Limit field must be a positive number.")]
    [InlineData("""{"user_rate_limiter":{"user":4}}""", "Failed to parse object: expecting token of type")]
    public async Task Create_WrongBody_IsRefused(string body, string reason)
    {
        var (_, actual) = await _host.RefusedAsync(400, "POST", Path, body);

        Assert.StartsWith(reason, actual, StringComparison.Ordinal);
        Assert.Empty(Cluster.Asked);
    }

    [Fact]
    public async Task Controllers_NoIdAtAll_AreNotFound()
    {
        var (_, reason) = await _host.RefusedAsync(404, "GET", "/_plugins/_ml/controllers/no%20id");

        Assert.Equal("Failed to find model controller with the provided model ID: no id", reason);
    }
}
