using System.Text.Json.Nodes;
using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Models;
using MlCluster.Messages.Search;
using MlCluster.Messages.Serialization;
using MlCluster.Node.Tests.Gateway.Support;

namespace MlCluster.Node.Tests.Gateway.Http;

/// <summary>Model groups over HTTP: what reaches their owners, and answers as OpenSearch writes them.</summary>
public sealed class ModelGroupHttpTests : IAsyncLifetime
{
    private const string Register = "/_plugins/_ml/model_groups/_register";
    private const string AccessControl = "plugins.ml_commons.model_access_control_enabled";
    private static readonly string Path = $"/_plugins/_ml/model_groups/{Samples.Group}";
    private readonly GatewayHost _host = new();

    private FakeCluster Cluster => _host.Cluster;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        Cluster.Answer<GetModelGroup>(c => c.GroupId == Samples.Group
            ? Samples.GroupDocument
            : new ModelGroupRejected(c.GroupId, new ProtocolError(ErrorCode.NotFound, "Failed to find it")));
        Cluster.Answer<UpdateModelGroup>(c => new ModelGroupAccepted(c.GroupId));
        Cluster.Answer<DeleteModelGroup>(c => new ModelGroupDeletedReply(c.GroupId, 6));
        Cluster.Answer<SearchDocuments>(_ => new DocumentsFound(0, null, [], false));
        Cluster.Answer<GetModel>(c => new ModelRejected(c.ModelId, new ProtocolError(ErrorCode.NotFound, "no")));
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Register_NewName_ClaimsItAndMakesTheGroup()
    {
        var answer = await _host.OkAsync("POST", Register, """{"name":"embeddings","description":"for searches"}""");

        var command = Cluster.Single<RegisterModelGroup>();
        Assert.Equal($$"""{"model_group_id":"{{command.GroupId}}","status":"CREATED"}""", answer);
        Assert.Equal(
            ("embeddings", "for searches", AccessMode.Public),
            (command.Name, command.Description, command.Access.Mode));
        var claim = Cluster.Single<ClaimGroupName>();
        Assert.Equal(
            (command.Name, command.GroupId, command.Claim, (CommandId?)null),
            (claim.Name, claim.GroupId, claim.Claim, claim.InsteadOf));
    }

    [Fact]
    public async Task Register_NameOfAnother_NamesThatOne()
    {
        Held(confirmed: true);

        var (type, reason) = await _host.RefusedAsync(400, "POST", Register, """{"name":"embeddings"}""");

        Assert.Equal("illegal_argument_exception", type);
        Assert.Equal(
            $"The name you provided is already being used by a model group with ID: {Samples.Group}", reason);
        Assert.Empty(Cluster.Asked.OfType<RegisterModelGroup>());
    }

    [Fact]
    public async Task Register_NameThatWasClaimedInVain_IsTakenOver()
    {
        Held(confirmed: false);

        await _host.OkAsync("POST", Register, """{"name":"embeddings"}""");

        Assert.Equal(
            new CommandId?[] { null, new CommandId("held") },
            Cluster.Asked.OfType<ClaimGroupName>().Select(c => c.InsteadOf));
        Assert.True(Cluster.Single<ConfirmGroupName>().IsFinal);
    }

    [Fact]
    public async Task Register_ClaimOfAMomentAgo_IsWaitedFor()
    {
        var answers = new Queue<bool?>([null, null, true]);
        Cluster.Answer<ClaimGroupName>(c => new GroupNameHolder(c.Name, Samples.Group, new CommandId("held"), 10));
        Cluster.Answer<ConfirmGroupName>(c => new NameConfirmation(c.GroupId, answers.Dequeue()));

        await _host.RefusedAsync(400, "POST", Register, """{"name":"embeddings"}""");

        Assert.All(Cluster.Asked.OfType<ConfirmGroupName>(), c => Assert.False(c.IsFinal));
        Assert.Equal(3, Cluster.Asked.OfType<ConfirmGroupName>().Count());
    }

    [Theory]
    [InlineData("""{"description":"no name"}""", "model group name must not be null or blank")]
    [InlineData("""{"name":" "}""", "model group name must not be null or blank")]
    [InlineData("""{"name":"a","access_mode":"public"}""", "You cannot specify model access control parameters")]
    [InlineData("""{"name":"a","backend_roles":["IT"]}""", "You cannot specify model access control parameters")]
    [InlineData(
        """{"name":"a","add_all_backend_roles":false}""", "You cannot specify model access control parameters")]
    [InlineData("""{"name":"a","access_mode":"open"}""", "Wrong access value: [open]; it can be public, private,")]
    public async Task Register_WrongBody_IsRefused(string body, string reason)
    {
        var (type, actual) = await _host.RefusedAsync(400, "POST", Register, body);

        Assert.Equal("illegal_argument_exception", type);
        Assert.StartsWith(reason, actual, StringComparison.Ordinal);
        Assert.Empty(Cluster.Asked);
    }

    [Fact]
    public async Task Register_TooLongName_IsRefused()
    {
        var name = new string('a', 1_001);

        var (_, reason) = await _host.RefusedAsync(400, "POST", Register, $$"""{"name":"{{name}}"}""");

        Assert.Equal("name is too long: 1001 characters, at most 1000 are allowed", reason);
    }

    [Fact]
    public async Task Register_AccessControlOn_KeepsWhoMayUseIt()
    {
        _host.Set(AccessControl, "true");

        await _host.OkAsync("POST", Register, """{"name":"a","backend_roles":["IT","HR","IT"]}""");
        await _host.OkAsync("POST", Register, """{"name":"b"}""");

        var groups = Cluster.Asked.OfType<RegisterModelGroup>().ToList();
        Assert.Equal(AccessMode.Restricted, groups[0].Access.Mode);
        Assert.Equal(["IT", "HR"], groups[0].Access.BackendRoles);
        Assert.Equal(AccessMode.Private, groups[1].Access.Mode);
        await _host.RefusedAsync(400, "POST", Register, """{"name":"c","access_mode":"restricted"}""");
    }

    [Fact]
    public async Task Get_Group_IsTheDocument()
    {
        Assert.Equal(
            Samples.OneLine("""
                {"name":"embeddings","latest_version":3,"description":"for searches","access":"public",
                "created_time":1665961344044,"last_updated_time":1665961815959}
                """),
            await _host.OkAsync("GET", Path));
    }

    [Theory]
    [InlineData("GET", null, "Failed to find model group with the provided model group id: nope")]
    [InlineData("PUT", "{}", "Failed to find model group")]
    [InlineData("DELETE", null, "Failed to find model group")]
    public async Task Group_ThatIsNotThere_IsNotFound(string method, string? body, string reason)
    {
        foreach (var id in new[] { "nope", "no%20id" })
        {
            var answer = await _host.RefusedAsync(404, method, $"/_plugins/_ml/model_groups/{id}", body);

            Assert.Equal("status_exception", answer.Type);
            Assert.Equal(reason.Replace("nope", id.Replace("%20", " "), StringComparison.Ordinal), answer.Reason);
        }
    }

    [Fact]
    public async Task Update_NameAndDescription_ClaimsTheNewName()
    {
        var answer = await _host.OkAsync("PUT", Path, """{"name":"vectors","description":"new"}""");

        Assert.Equal("""{"status":"Updated"}""", answer);
        var (claim, command) = (Cluster.Single<ClaimGroupName>(), Cluster.Single<UpdateModelGroup>());
        Assert.Equal(("vectors", Samples.Group), (claim.Name, claim.GroupId));
        Assert.Equal(new ClaimedName(claim.Claim, "vectors"), command.Name);
        Assert.Equal("new", command.Description);
        Assert.Null(command.Access);
    }

    [Theory]
    [InlineData("""{"name":"embeddings"}""")]
    [InlineData("""{"name":""}""")]
    [InlineData("{}")]
    public async Task Update_SameNameOrNone_ClaimsNothing(string body)
    {
        await _host.OkAsync("PUT", Path, body);

        Assert.Null(Cluster.Single<UpdateModelGroup>().Name);
        Assert.Empty(Cluster.Asked.OfType<ClaimGroupName>());
    }

    [Fact]
    public async Task Update_NameOfAnother_IsRefused()
    {
        var other = new ModelGroupId("other");
        Cluster.Answer<ClaimGroupName>(c => new GroupNameHolder(c.Name, other, new CommandId("held"), 10_000));
        Cluster.Answer<ConfirmGroupName>(c => new NameConfirmation(c.GroupId, true));

        var (_, reason) = await _host.RefusedAsync(400, "PUT", Path, """{"name":"vectors"}""");

        Assert.EndsWith("with ID: other", reason, StringComparison.Ordinal);
        Assert.Empty(Cluster.Asked.OfType<UpdateModelGroup>());
    }

    [Fact]
    public async Task Delete_EmptyGroup_IsTheAnswerForDocuments()
    {
        Assert.Equal(
            Samples.OneLine($$"""
                {"_index":".plugins-ml-model-group","_id":"{{Samples.Group}}","_version":6,"result":"deleted",
                "_shards":{"total":1,"successful":1,"failed":0},"_seq_no":5,"_primary_term":1}
                """),
            await _host.OkAsync("DELETE", Path));
        Assert.Equal(3, Cluster.Single<DeleteModelGroup>().LatestVersion);
        var search = Cluster.Single<SearchDocuments>();
        var query = Assert.IsType<TermsQuery>(SearchQueryBytes.Decode(search.Query));
        Assert.Equal(("model_group_id", Samples.Group.Value), (query.Field, Assert.Single(query.Values)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delete_GroupWithAModel_IsAConflict(bool isRecent)
    {
        var model = Samples.Document(ModelStatus.Registered, Dialect.Current);
        Cluster.Answer<GetModel>(_ => model with { Spec = model.Spec with { ModelGroupId = Samples.Group.Value } });
        Cluster.Answer<GetModelGroup>(_ => Samples.GroupDocument with
        {
            RecentModels = isRecent ? [Samples.Model] : [],
        });
        Cluster.Answer<SearchDocuments>(_ => isRecent ? new DocumentsFound(0, null, [], false) : Found(model));

        var (type, reason) = await _host.RefusedAsync(409, "DELETE", Path);

        Assert.Equal("status_exception", type);
        Assert.Equal("Cannot delete the model group when it has associated model versions", reason);
        Assert.Empty(Cluster.Asked.OfType<DeleteModelGroup>());
    }

    [Fact]
    public async Task Delete_ModelsThatLeftOrAreGone_HoldUpNothing()
    {
        var model = Samples.Document(ModelStatus.Registered, Dialect.Current);
        Cluster.Answer<SearchDocuments>(_ => Found(model));
        Cluster.Answer<GetModelGroup>(_ => Samples.GroupDocument with { RecentModels = [new ModelId("gone")] });
        Cluster.Answer<GetModel>(c => c.ModelId == Samples.Model
            ? model with { Spec = model.Spec with { ModelGroupId = "another" } }
            : new ModelRejected(c.ModelId, new ProtocolError(ErrorCode.NotFound, "no")));

        await _host.OkAsync("DELETE", Path);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Search_Groups_GivesHitsOfTheirIndex(string method)
    {
        var hit = new SearchHit(
            Samples.Group.Value, 5, 9, 1, [], DocumentBytes.Encode(Samples.GroupDocument));
        Cluster.Answer<SearchDocuments>(_ => new DocumentsFound(1, 1, [hit], false));

        var text = await _host.OkAsync(
            method, "/_plugins/_ml/model_groups/_search", """{"query":{"match":{"name":"embeddings"}}}""");

        Assert.Equal(DocumentKind.ModelGroup, Cluster.Single<SearchDocuments>().Kind);
        var found = JsonNode.Parse(text)!["hits"]!["hits"]![0]!;
        Assert.Equal(
            (".plugins-ml-model-group", Samples.Group.Value), ((string)found["_index"]!, (string)found["_id"]!));
        Assert.Equal(3, (int)found["_source"]!["latest_version"]!);
    }

    private void Held(bool confirmed)
    {
        Cluster.Answer<ClaimGroupName>(c => c.InsteadOf is null
            ? new GroupNameHolder(c.Name, Samples.Group, new CommandId("held"), 10_000)
            : new GroupNameHolder(c.Name, c.GroupId, c.Claim, 0));
        Cluster.Answer<ConfirmGroupName>(c => new NameConfirmation(c.GroupId, confirmed));
    }

    private static DocumentsFound Found(ModelDocument model) =>
        new(1, 1, [new SearchHit(Samples.Model.Value, 4, 9, 1, [], DocumentBytes.Encode(model))], false);
}
