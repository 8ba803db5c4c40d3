using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Models;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>Every model that is registered belongs to a group and is counted in it.</summary>
public sealed class RegisterInGroupHttpTests : IAsyncLifetime
{
    private const string Meta = "/_plugins/_ml/models/_register_meta";
    private readonly GatewayHost _host = new();

    private FakeCluster Cluster => _host.Cluster;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        Cluster.Answer<RegisterModelMeta>(c => new ModelAccepted(c.ModelId));
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Register_WithoutGroup_MakesOneThatIsCalledLikeTheModel()
    {
        await _host.OkAsync("POST", Meta, Body());

        var (group, spec) = (Cluster.Single<RegisterModelGroup>(), Cluster.Single<RegisterModelMeta>().Spec);
        Assert.Equal("mini", group.Name);
        Assert.Equal((group.GroupId.Value, "1"), (spec.ModelGroupId, spec.Version));
    }

    [Fact]
    public async Task Register_NameOfAGroup_IsItsNextVersion()
    {
        Cluster.Answer<ClaimGroupName>(c => new GroupNameHolder(c.Name, Samples.Group, new CommandId("held"), 10_000));
        Cluster.Answer<ConfirmGroupName>(c => new NameConfirmation(c.GroupId, true));
        Cluster.Answer<AssignVersion>(c => new VersionReply(c.GroupId, 4));

        await _host.OkAsync("POST", Meta, Body());

        var spec = Cluster.Single<RegisterModelMeta>().Spec;
        Assert.Equal((Samples.Group.Value, "4"), (spec.ModelGroupId, spec.Version));
        Assert.Empty(Cluster.Asked.OfType<RegisterModelGroup>());
    }

    [Fact]
    public async Task Register_NamedGroupAndVersion_KeepsTheVersionAndIsCounted()
    {
        await _host.OkAsync("POST", Meta, Body($$""","model_group_id":"{{Samples.Group}}","version":"1.0.0" """));

        var spec = Cluster.Single<RegisterModelMeta>().Spec;
        Assert.Equal((Samples.Group.Value, "1.0.0"), (spec.ModelGroupId, spec.Version));
        Assert.Equal(Samples.Group, Cluster.Single<AssignVersion>().GroupId);
        Assert.Empty(Cluster.Asked.OfType<ClaimGroupName>());
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("no id")]
    public async Task Register_UnknownGroup_IsNotFound(string group)
    {
        Cluster.Answer<AssignVersion>(c => new ModelGroupRejected(
            c.GroupId, new ProtocolError(ErrorCode.NotFound, "Failed to find model group")));

        var (type, reason) = await _host.RefusedAsync(404, "POST", Meta, Body($$""","model_group_id":"{{group}}" """));

        Assert.Equal("status_exception", type);
        Assert.StartsWith("Fail to find model group", reason, StringComparison.Ordinal);
        Assert.Empty(Cluster.Asked.OfType<RegisterModelMeta>());
    }

    // It was deleted between the claim on its name and the version.
    [Fact]
    public async Task Register_GroupThatGoesAwayMeanwhile_IsMadeAnew()
    {
        var assigned = 0;
        Cluster.Answer<AssignVersion>(c => ++assigned == 1
            ? new ModelGroupRejected(c.GroupId, new ProtocolError(ErrorCode.NotFound, "Failed to find model group"))
            : new VersionReply(c.GroupId, 1));

        await _host.OkAsync("POST", Meta, Body());

        Assert.Equal(2, Cluster.Asked.OfType<RegisterModelGroup>().Count());
    }

    [Fact]
    public async Task Register_RulesForPredictions_AreKept()
    {
        await _host.OkAsync(
            "POST", Meta, Body(""","is_enabled":false,"rate_limiter":{"limit":4,"unit":"MINUTES","x":[1]}"""));

        var spec = Cluster.Single<RegisterModelMeta>().Spec;
        Assert.False(spec.IsEnabled);
        Assert.Equal(new RateLimiter("4", RateUnit.Minutes), spec.RateLimiter);
    }

    [Theory]
    [InlineData(""","rate_limiter":{"limit":0,"unit":"MINUTES"}""", "Limit field must be a positive number.")]
    [InlineData(""","rate_limiter":{"limit":"x"}""", "Limit field must be a positive number.")]
    [InlineData(""","rate_limiter":{"unit":"FORTNIGHTS"}""", "Wrong unit: [FORTNIGHTS]; it can be NANOSECONDS,")]
    [InlineData(""","access_mode":"private" """, "You cannot specify model access control parameters")]
    [InlineData(""","is_enabled":"maybe" """, "Failed to parse value [maybe] as only [true] or [false] are allowed.")]
    public async Task Register_WrongValue_IsRefused(string field, string reason)
    {
        var (type, actual) = await _host.RefusedAsync(400, "POST", Meta, Body(field));

        Assert.Equal("illegal_argument_exception", type);
        Assert.StartsWith(reason, actual, StringComparison.Ordinal);
        Assert.Empty(Cluster.Asked);
    }

    private static string Body(string more = "") =>
        $$"""
        {"name":"mini","model_format":"TORCH_SCRIPT","model_content_hash_value":"{{new string('a', 64)}}",
         "total_chunks":1,"model_config":
          {"model_type":"bert","embedding_dimension":384,"framework_type":"sentence_transformers"}{{more}}}
        """;
}
