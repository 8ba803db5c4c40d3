using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>Registration of a pretrained model by its name (contract 3.1).</summary>
public sealed class PretrainedHttpTests : IAsyncLifetime
{
    private const string Path = "/_plugins/_ml/models/_register";
    private const string ByName = """{"name":"huggingface/a","version":"1.0.1","model_format":"TORCH_SCRIPT"}""";

    private readonly GatewayHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("_register", Dialect.Current)]
    [InlineData("_upload", Dialect.Legacy)]
    public async Task Register_NameVersionAndFormat_StartsATaskWithoutAUrl(string route, Dialect dialect)
    {
        _host.Cluster.Answer<RegisterModel>(c => new ModelAccepted(c.ModelId));

        var answer = await _host.OkAsync("POST", $"/_plugins/_ml/models/{route}?deploy=true", ByName);

        var command = _host.Cluster.Single<RegisterModel>();
        Assert.Equal($$"""{"task_id":"{{command.TaskId}}","status":"CREATED"}""", answer);
        Assert.Equal(("", dialect), (command.Url, command.Dialect));
        Assert.Equal(
            new ModelSpec("huggingface/a", "1.0.1", null, "TEXT_EMBEDDING", "TORCH_SCRIPT", ModelConfigRules.None, null),
            command.Spec with { ModelGroupId = null });
        Assert.NotNull(command.Spec.ModelGroupId);
        Assert.NotNull(command.Deploy);
    }

    [Theory]
    [InlineData("""{"version":"1","model_format":"ONNX"}""", "Validation Failed: 1: Model name is required")]
    [InlineData("""{"name":"a","model_format":"ONNX"}""", "model version is null")]
    [InlineData("""{"name":"a","version":"1"}""", "model format is null")]
    [InlineData("""{"name":"a","version":"1","model_format":"zip"}""", "Wrong model format")]
    [InlineData("""{"name":"a","version":"1","model_format":"ONNX","url":""}""", "model config is null")]
    public async Task Register_SomethingMissing_IsRefusedBeforeATask(string body, string reason)
    {
        var refused = await _host.RefusedAsync(400, "POST", Path, body);

        Assert.StartsWith(reason, refused.Reason, StringComparison.Ordinal);
        Assert.Empty(_host.Cluster.Asked);
    }

    [Fact]
    public async Task Register_NoRepository_Is400WithWhatToSet()
    {
        _host.Cluster.Answer<RegisterModel>(c => new ModelRejected(
            c.ModelId, new ProtocolError(ErrorCode.IllegalArgument, RegistrationDecisions.NoRepository)));

        var refused = await _host.RefusedAsync(400, "POST", Path, ByName);

        Assert.Equal(("illegal_argument_exception", RegistrationDecisions.NoRepository), refused);
    }

    /// <summary>As in OpenSearch, where only custom models are switched off.</summary>
    [Fact]
    public async Task Register_UploadsByUrlOff_StillTakesPretrainedModels()
    {
        _host.Set(MlSettings.AllowUrl.Name, "false");
        _host.Cluster.Answer<RegisterModel>(c => new ModelAccepted(c.ModelId));

        await _host.OkAsync("POST", Path, ByName);
    }
}
