using System.Text.Json.Nodes;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Pretrained;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>Pretrained models by their name, out of a repository that is a folder.</summary>
public abstract class PretrainedSpec : ModelKit
{
    private const string List =
        """[{"name":"st/mini","version":["1.0.1"],"format":["torch_script"]},{"name":"..","version":["."],"format":["torch_script"]}]""";

    private static readonly ModelSpec Asked = new(
        "st/mini", "1.0.1", null, "TEXT_EMBEDDING", "TORCH_SCRIPT", new ModelConfig("", null, ""), "g");

    private readonly byte[] _archive = Bytes(2_500);

    private protected PretrainedSpec(ITestDatabase database)
        : base(database)
    {
        Repository = RepositoryAddress.Parse(Files.FullName);
        Write("list.json", List);
        Write("st/mini/1.0.1/torch_script/config.json", Config(Sha256(_archive)));
        File.WriteAllBytes(PathOf("st/mini/1.0.1/torch_script/mini-1.0.1-torch_script.zip"), _archive);
    }

    [SkippableFact]
    public void Register_Name_IsWhatTheRepositorySays()
    {
        Ask<ModelAccepted>(ByName());

        Assert.Equal(TaskStatus.Completed, TaskEnd(Some.Registration).Status);
        var document = Ask<ModelDocument>(new GetModel(Some.Model));
        Assert.Equal(ModelStatus.Registered, document.Status);
        Assert.Equal(new ModelContent(2_500, Sha256(_archive), 3, 3), document.Content);
        Assert.Equal(
            Asked with
            {
                Description = "small", Config = new ModelConfig("bert", 8, "SENTENCE_TRANSFORMERS", PoolingMode: "CLS"),
            },
            document.Spec);
    }

    [SkippableFact]
    public void Register_EntityCrashesAfterwards_KnowsWhatWasFound()
    {
        Ask<ModelAccepted>(ByName());
        TaskEnd(Some.Registration);

        Crash(Models, "model-1");

        Assert.Equal("small", Ask<ModelDocument>(new GetModel(Some.Model)).Spec.Description);
    }

    [SkippableTheory]
    [InlineData("st/other", "1.0.1", "TORCH_SCRIPT")]
    [InlineData("st/mini", "1.0.2", "TORCH_SCRIPT")]
    [InlineData("st/mini", "1.0.1", "ONNX")]
    [InlineData("..", ".", "TORCH_SCRIPT")]
    public void Register_NotInTheList_FailsInOpenSearchsWords(string name, string version, string format)
    {
        Ask<ModelAccepted>(ByName() with { Spec = Asked with { Name = name, Version = version, ModelFormat = format } });

        AssertFails("This model is not in the pre-trained model list, please check your parameters.");
        AwaitGone(Some.Model);
    }

    [SkippableFact]
    public void Register_ArchiveWithAnotherHashThanTheConfig_Fails()
    {
        Write("st/mini/1.0.1/torch_script/config.json", Config(Some.Hash));

        Ask<ModelAccepted>(ByName());

        AssertFails($"model content changed: the expected sha-256 is {Some.Hash}, the actual one {Sha256(_archive)}");
        AwaitGone(Some.Model);
        Await(() => Assert.Equal(0, Database.ChunkBytes("model-1")));
    }

    [SkippableFact]
    public void Register_ClientExpectsAnotherHash_FailsBeforeTheDownload()
    {
        Ask<ModelAccepted>(ByName() with { Sha256 = Some.Hash });

        AssertFails($"model content changed: the expected sha-256 is {Some.Hash}");
        Assert.Equal(0, Archives.Checks);
    }

    [SkippableTheory]
    [InlineData("list.json", "no JSON", "list.json cannot be used: it is not JSON")]
    [InlineData("list.json", null, "list.json: Could not find file")]
    [InlineData("st/mini/1.0.1/torch_script/config.json", "{}", "config.json cannot be used: it has neither")]
    [InlineData("st/mini/1.0.1/torch_script/config.json", null, "config.json: Could not find file")]
    [InlineData("st/mini/1.0.1/torch_script/mini-1.0.1-torch_script.zip", null, "zip: Could not find file")]
    public void Register_RepositoryIncomplete_FailsWithTheFile(string file, string? content, string reason)
    {
        File.Delete(PathOf(file));
        if (content is not null)
        {
            Write(file, content);
        }

        Ask<ModelAccepted>(ByName());

        Assert.Contains(reason, TaskEnd(Some.Registration).Error, StringComparison.Ordinal);
        AwaitGone(Some.Model);
    }

    [SkippableFact]
    public void Register_ConfigLargerThanTheJournalShouldKeep_Fails()
    {
        Write("st/mini/1.0.1/torch_script/config.json", "{" + new string(' ', 1 << 20) + "}");

        Ask<ModelAccepted>(ByName());

        Assert.EndsWith("it has more than 1048576 bytes", TaskEnd(Some.Registration).Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Register_LinkOutOfTheRepository_IsNotFollowed()
    {
        var archive = PathOf("st/mini/1.0.1/torch_script/mini-1.0.1-torch_script.zip");
        File.Delete(archive);
        File.CreateSymbolicLink(archive, "/etc/hostname");

        Ask<ModelAccepted>(ByName());

        Assert.Contains("is not below a folder", TaskEnd(Some.Registration).Error, StringComparison.Ordinal);
    }

    private void AssertFails(string reason)
    {
        var task = TaskEnd(Some.Registration);
        Assert.Equal(TaskStatus.Failed, task.Status);
        Assert.StartsWith(reason, task.Error, StringComparison.Ordinal);
    }

    private static RegisterModel ByName() => Some.RegisterByUrl() with { Url = "", Spec = Asked };

    private static string Config(string sha256) => new JsonObject
    {
        ["name"] = "mini",
        ["description"] = "small",
        ["model_task_type"] = "TEXT_EMBEDDING",
        ["model_format"] = "TORCH_SCRIPT",
        ["model_content_hash_value"] = sha256,
        ["model_config"] = new JsonObject
        {
            ["model_type"] = "bert",
            ["embedding_dimension"] = 8,
            ["framework_type"] = "sentence_transformers",
            ["pooling_mode"] = "cls",
        },
    }.ToJsonString();

    private string PathOf(string file) => Path.Combine(Files.FullName, file);

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), text);
    }
}
