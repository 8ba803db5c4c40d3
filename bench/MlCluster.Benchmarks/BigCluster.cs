using System.Collections.Immutable;
using System.Globalization;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Routing;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Routing;

namespace MlCluster.Benchmarks;

/// <summary>A hundred ml nodes that serve ten thousand models, each on two: nothing runs, all is told.</summary>
internal static class BigCluster
{
    public const int NodeCount = 100;
    public const int ModelCount = 10_000;
    public const int ReplicaCount = 2;

    private const long ModelBytes = 90_000_000;
    private const long NodeBytes = 256L << 30;
    private const long Incarnation = 1_234_567_890;

    public static ModelId Model(int number) => new(Text("model-{0:D14}", number));

    public static NodeId Node(int number) => new(Text("node-{0:D17}", number));

    /// <summary>The nodes that a model is on, spread evenly.</summary>
    public static IEnumerable<int> PlacesOf(int model) =>
        Enumerable.Range(0, ReplicaCount).Select(r => ((model * ReplicaCount) + r) % NodeCount);

    /// <summary>What all nodes publish.</summary>
    public static NodeDeployments[] Words()
    {
        var models = Enumerable.Range(0, ModelCount)
            .SelectMany(m => PlacesOf(m).Select(node => (Node: node, Model: m)))
            .ToLookup(p => p.Node, p => Served(Model(p.Model)));
        return [.. Enumerable.Range(0, NodeCount).Select(n => Word(n, [.. models[n]]))];
    }

    /// <summary>What a gateway keeps of them.</summary>
    public static RoutingState Routing(IReadOnlyList<NodeDeployments> words) => new(
        words.ToImmutableDictionary(KeyOf, StringComparer.Ordinal),
        [.. words.Select(w => new ClusterMember(KeyOf(w), ["ml"], Reachable: true))],
        words[0]);

    /// <summary>The same nodes as the planner sees them.</summary>
    /// <param name="isEmpty">Before anything is loaded.</param>
    public static PlacementNode[] Nodes(bool isEmpty) =>
        [.. Words().Select(w => PlacementNode.Of(isEmpty ? w with { Models = [] } : w))];

    public static WantedModel Wanted(int model) =>
        new(Model(model), ModelBytes, ToAll: false, [.. PlacesOf(model).Select(Node)], model);

    /// <summary>Every model as its entity has it when all is loaded.</summary>
    public static ImmutableDictionary<ModelId, ModelState> States() =>
        Enumerable.Range(0, ModelCount).ToImmutableDictionary(Model, StateOf);

    private static ModelState StateOf(int model) => ModelState.Unknown with
    {
        Phase = ModelPhase.Registered,
        Spec = new ModelSpec(
            "all-MiniLM-L6-v2", "1.0.0", null, "TEXT_EMBEDDING", "TORCH_SCRIPT",
            new ModelConfig("bert", 384, "SENTENCE_TRANSFORMERS"), null),
        Content = ContentState.Empty with { SizeBytes = ModelBytes },
        Plan = new DeploymentPlan(1, ToAll: false, PlacesOf(model).Select(Node).ToImmutableDictionary(n => n, Planned)),
    };

    private static PlannedNode Planned(NodeId node) => new(node, NodeDeploymentStatus.Loaded, 1, Incarnation, null);

    private static NodeDeployments Word(int number, ServedModel[] models) => new(
        Node(number),
        Text("ml-{0}", number),
        Text("akka.tcp://mlcluster@10.0.0.{0}:4053", number),
        Incarnation,
        ["ml"],
        Text("10.0.0.{0}:9200", number),
        [new NodeDevice("cpu", "CPU", NodeBytes)],
        Draining: false,
        models)
    {
        Capacity = new NodeCapacity(ModelCount, NodeBytes),
    };

    private static ServedModel Served(ModelId model) => new(
        model,
        "TEXT_EMBEDDING",
        "cpu",
        "padded",
        [
            new ServedOutput("token_embeddings", TensorKind.PerToken, 1536),
            new ServedOutput("sentence_embedding", TensorKind.PerDocument, 1536),
        ],
        ModelBytes,
        MaxTokens: 128);

    private static string KeyOf(NodeDeployments word) => ClusterMember.KeyOf(word.Address, word.Incarnation);

    private static string Text(string format, int number) =>
        string.Format(CultureInfo.InvariantCulture, format, number);
}
