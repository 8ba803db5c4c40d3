using System.Text.Json;
using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Search.Documents;
using MlCluster.Node.Gateway.Documents;
using MlCluster.Node.Tests.Gateway.Support;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Domain.Search;

/// <summary>What a document shows is what it is found by.</summary>
public sealed class MappingTests
{
    // Told, and not searched: any JSON may be in it.
    private const string NotSearched = "model_config.additional_config.";

    private static readonly ModelDocument Model = Samples.Document(
        ModelStatus.PartiallyDeployed,
        Dialect.Current,
        new NodeDeployment(Samples.NodeA, NodeDeploymentStatus.Loaded, null),
        new NodeDeployment(Samples.NodeB, NodeDeploymentStatus.Failed, "e")) with
    {
        Spec = Samples.Spec with
        {
            ModelGroupId = "group",
            Config = new ModelConfig(
                "bert", 384, "SENTENCE_TRANSFORMERS", "{}", "MEAN", true, 128, "q: ", "p: ", """{"a":1}"""),
            IsEnabled = false,
            RateLimiter = new RateLimiter("4", RateUnit.Minutes),
        },
        Times = new ModelTimes(1, 2, 3, 4, 5),
        IsControllerEnabled = true,
    };

    private static readonly ModelGroupDocument Group = Samples.GroupDocument with
    {
        Access = new GroupAccess(AccessMode.Restricted, ["IT", "HR"]),
    };

    private static readonly TaskDocument Task =
        Samples.TaskDocument(TaskType.DeployModel, TaskStatus.Failed, Dialect.Current) with { Error = "e" };

    [Fact]
    public void Of_ModelWithEverything_HasAFieldForEachThatIsShown() => Assert.Equal(
        Shown(json => ModelDocumentWriter.Write(json, Model)), Indexed(IndexedDocument.Of(Model, 1)));

    [Fact]
    public void Of_TaskWithEverything_HasAFieldForEachThatIsShown() => Assert.Equal(
        Shown(json => TaskDocumentWriter.Write(json, Task)), Indexed(IndexedDocument.Of(Task, 1)));

    [Fact]
    public void Of_GroupWithEverything_HasAFieldForEachThatIsShown() => Assert.Equal(
        Shown(json => ModelGroupDocumentWriter.Write(json, Group)), Indexed(IndexedDocument.Of(Group, 1)));

    [Theory]
    [InlineData("last_uploaded_time", "last_registered_time")]
    [InlineData("last_loaded_time", "last_deployed_time")]
    [InlineData("last_unloaded_time", "last_undeployed_time")]
    [InlineData("function_name", "algorithm")]
    [InlineData("algorithm.keyword", "algorithm")]
    [InlineData("name.keyword", "name.keyword")]
    [InlineData("total_chunks.keyword", null)]
    [InlineData("model_content", null)]
    public void Find_OlderNameOrKeyword_IsTodaysField(string name, string? field) =>
        Assert.Equal(field, DocumentMapping.Models.Find(name)?.Name);

    [Fact]
    public void Of_EveryField_IsMapped()
    {
        Assert.All(IndexedDocument.Of(Model, 1).Fields, f => Assert.NotNull(DocumentMapping.Models.Find(f.Field)));
        Assert.All(IndexedDocument.Of(Group, 1).Fields, f => Assert.NotNull(DocumentMapping.ModelGroups.Find(f.Field)));
        Assert.All(IndexedDocument.Of(Task, 1).Fields, f => Assert.NotNull(DocumentMapping.Tasks.Find(f.Field)));
    }

    private static string[] Indexed(IndexedDocument document) =>
        [.. document.Fields.Select(f => $"{f.Field}={f.Text ?? $"{f.Number}"}").Order(StringComparer.Ordinal)];

    private static string[] Shown(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            write(json);
        }

        using var document = JsonDocument.Parse(stream.ToArray());
        return
        [
            .. Leaves("", document.RootElement)
                .Where(l => !l.StartsWith(NotSearched, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<string> Leaves(string path, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject()
            .SelectMany(p => Leaves(path.Length == 0 ? p.Name : $"{path}.{p.Name}", p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(e => Leaves(path, e)),
        JsonValueKind.True => [$"{path}=1"],
        JsonValueKind.False => [$"{path}=0"],
        _ => [$"{path}={element}"],
    };
}
