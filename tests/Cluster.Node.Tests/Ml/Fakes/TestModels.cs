using System.Security.Cryptography;
using Akka.Configuration;
using MlCluster.Inference;
using MlCluster.Messages;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Node.Hosting;
using MlCluster.Node.Ml;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Routing;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Tests.Ml.Fakes;

/// <summary>Commands and settings that tests start from.</summary>
internal static class TestModels
{
    public static readonly ModelId Id = new("model-1");
    public static readonly TaskId Task = new("task-1");
    public static readonly NodeId Node = new("node-1");

    public static ModelSpec Spec { get; } = new(
        "all-MiniLM-L6-v2",
        "1.0",
        null,
        "TEXT_EMBEDDING",
        "TORCH_SCRIPT",
        new ModelConfig("bert", 384, "SENTENCE_TRANSFORMERS"),
        null);

    public static LoadModel Load(ModelId? id = null, long plan = 1, byte[]? archive = null, TaskId? task = null)
    {
        var bytes = archive ?? [1, 2, 3];
        return new LoadModel(
            id ?? Id,
            plan,
            task ?? Task,
            Spec,
            Convert.ToHexStringLower(SHA256.HashData(bytes)),
            bytes.Length,
            [new ChunkRef(0, 1, bytes.Length, "")]);
    }

    /// <summary>A monitor of the model, over metrics of its own unless some are given.</summary>
    public static ServingMonitor Monitor(
        FakeServedModel served, NodeMetrics? metrics = null, int workers = 1, TimeProvider? time = null) => new(
            served,
            workers,
            () => 10,
            metrics ?? new NodeMetrics(Node),
            new MonitoredModel(Id, Spec.FunctionName),
            time ?? TimeProvider.System);

    /// <summary>Gates of a node that knows of no other.</summary>
    public static ServingGates Gates() => new(new RoutingTable(), TimeProvider.System);

    public static NodeContext Context(string dataDirectory) => new(
        new NodeOptions { DataDirectory = dataDirectory }, Node, "test", Config.Empty, TimeProvider.System);

    public static MlOptions Options { get; } = new(
        new HostLimits(MaxModels: 2, MaxConcurrentLoads: 1, MinFreeDiskBytes: 1000, MemoryShare: 0.5)
        {
            LoadRetries = 3,
        },
        RetryDelays: [TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)],
        LoadTimeout: TimeSpan.FromSeconds(30),
        ReportInterval: TimeSpan.FromMilliseconds(100),
        ProgressInterval: TimeSpan.FromMilliseconds(20))
    {
        CacheMaxBytes = long.MaxValue,
        Rehearsal = new RehearsalOptions(1, TimeSpan.FromSeconds(60), 4, 1L << 30, TimeSpan.FromMilliseconds(20)),
        Serving = new ServingOptions(1, 1024, 65536, TimeSpan.FromSeconds(30)),
    };
}
