using System.Runtime.InteropServices;
using MlCluster.Messages;
using MlCluster.Messages.Groups;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Models;
using MlCluster.Messages.Routing;
using MlCluster.Messages.Tasks;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Gateway.Support;

/// <summary>Records that many tests need.</summary>
internal static class Samples
{
    public static readonly NodeId NodeA = new("KzONM8c8T4Od-NoUANQNGg");
    public static readonly NodeId NodeB = new("s5JwjZRqTY6nOT0EvFwVdA");
    public static readonly ModelId Model = new("WWQI44MBbzI2oUKAvNUt");
    public static readonly TaskId Task = new("ew8I44MBhyWuIwnfvDIH");

    public static ModelConfig Config { get; } = new("bert", 384, "SENTENCE_TRANSFORMERS");

    public static readonly ModelGroupId Group = new("Gq6pI44MBbzI2oUKAvNUt");
    public static readonly GroupMembership Membership = new(Group, 3);

    public static ModelGroupDocument GroupDocument { get; } = new(
        Group, "embeddings", "for searches", new GroupAccess(AccessMode.Public, []), 3, 1665961344044, 1665961815959, 5,
        []);

    public static ModelSpec Spec { get; } =
        new("all-MiniLM-L6-v2", "1.0.0", "test model", "TEXT_EMBEDDING", "TORCH_SCRIPT", Config, null);

    public static ServedModel Served { get; } = new(
        Model,
        "TEXT_EMBEDDING",
        "cpu",
        "padded",
        [
            new ServedOutput("token_embeddings", TensorKind.PerToken, 1536),
            new ServedOutput("sentence_embedding", TensorKind.PerDocument, 1536),
        ],
        1000,
        128);

    /// <summary>A gateway that serves the model, and a node of role ml alone that serves none.</summary>
    public static NodeDeployments[] GatewayAndMl =>
        [Node(NodeA, Served), Node(NodeB) with { Roles = ["ml"], HttpAddress = null }];

    public static NodeDeployments Node(NodeId id, params ServedModel[] models) => new(
        id, $"node-{id.Value[0]}", $"akka.tcp://mlcluster@10.0.0.{id.Value[0] + 0}:4053", 1, ["data", "ml", "gateway"],
        "127.0.0.1:9200", [new NodeDevice("cpu", "CPU", null)], false, models);

    public static ModelDocument Document(ModelStatus status, Dialect dialect, params NodeDeployment[] nodes) => new(
        Model,
        Spec,
        status,
        dialect,
        4,
        new ModelContent(83408741, "9376c2eb", 9, 9),
        new ModelTimes(1665961344044, 1665961815959, 1665961373000, 1665961815959, null),
        true,
        nodes);

    public static TaskDocument TaskDocument(TaskType type, TaskStatus status, Dialect dialect) => new(
        Task, Model, type, "TEXT_EMBEDDING", status, [NodeA, NodeB], 3455961564003, 3216361373241, null, null,
        dialect, 2);

    public static TensorPayload Floats(string? name, params float[] values) =>
        new(name, TensorDataType.Float32, [values.Length], MemoryMarshal.AsBytes<float>(values).ToArray());

    public static Predicted Reply(PredictRequest request, Func<string, TensorPayload> embed) => new(
        request.ModelId,
        [.. request.Texts.Select(t => new DocumentTensors([embed(t)]))],
        new PredictTimings(1, 1, 1, 1));

    /// <summary>The seed page's body, trailing comma and all.</summary>
    public const string SeedUpload = """
        {
          "name": "all-MiniLM-L6-v2",
          "version": "1.0.0",
          "description": "test model",
          "model_format": "TORCH_SCRIPT",
          "model_config": {
            "model_type": "bert",
            "embedding_dimension": 384,
            "framework_type": "sentence_transformers",
          },
          "url": "https://example.org/model.zip?raw=true"
        }
        """;

    /// <summary>JSON that is written over several lines, as the one line that it stands for.</summary>
    public static string OneLine(string text) => string.Concat(text.Split('\n').Select(l => l.TrimStart()));
}
