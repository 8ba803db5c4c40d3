using System.Runtime.InteropServices;
using System.Text.Json;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using MlCluster.Inference;
using MlCluster.Messages.Inference;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Node.Ml;
using MlCluster.Node.Ml.Content;
using MlCluster.Node.Ml.Loading;
using MlCluster.Node.Ml.Rehearsal;
using MlCluster.Node.Ml.Serving;
using MlCluster.Node.Routing;
using MlCluster.Node.Telemetry;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml;

/// <summary>The role with nothing played: chunks in, rehearsal in a child process, vectors out.</summary>
public sealed class RealModelTests : TestKit
{
    private const string Text = "today is sunny";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private readonly TempFolder _data = new();
    private readonly NodeMetrics _metrics = new(TestModels.Node);
    private readonly TestProbe _models;
    private readonly IActorRef _host;
    private readonly ArchiveChunks _chunks = new(TestArchives.PathOf("tiny-sentence-transformer"), chunkBytes: 4096);

    public RealModelTests()
    {
        _models = CreateTestProbe("models");
        var local = new LocalNode(new RoutingTable(), TestModels.Context(_data.FullName));
        local.Start("akka://test", 1, _ => { });
        local.SetDevices([], TestModels.Options.Limits.CapacityOf(null));
        var services = Services();
        _host = Sys.ActorOf(Props.Create(() => new ModelHostActor(Setup(services, local))));
    }

    [Fact]
    public void Deploy_Predict_Undeploy_GivesTheReferencesVector()
    {
        var command = _chunks.Command(TestModels.Id);
        _host.Tell(command);
        ExpectLoaded(plan: 1);

        _host.Tell(new PredictRequest(command.ModelId, "r", [Text], ["sentence_embedding"], null, true, Deadline));
        var tensor = Assert.Single(Assert.Single(ExpectMsg<Predicted>(Deadline).Documents).Tensors);
        var vector = MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray();
        Assert.All(Golden().Zip(vector), pair => Assert.Equal(pair.Item1, pair.Item2, 1e-4));

        _host.Tell(new UnloadModel(command.ModelId, 2));
        Assert.True(ExpectMsg<ModelUnloaded>(Deadline).WasLoaded);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _data.Dispose();
    }

    private static double[] Golden() =>
        File.ReadLines(Path.Combine(Path.GetDirectoryName(TestArchives.PathOf("x"))!, "golden.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("text").GetString() == Text)
            .Select(line => line.GetProperty("vector").Deserialize<double[]>()!)
            .Single();

    private void ExpectLoaded(long plan)
    {
        var report = _models.FishForMessage<ReportNodeDeployment>(
            r => r.Status != NodeDeploymentStatus.Loading && r.PlanVersion == plan, Deadline);
        Assert.Null(report.Error);
    }

    private HostSetup Setup(LoaderServices services, LocalNode local) => new(
        services.Options,
        command => Props.Create(() => new LoaderActor(command, services)),
        _models,
        Nobody.Instance,
        local)
    {
        FreeDiskBytes = () => long.MaxValue,
        IsCached = _ => false,
        Gates = services.Gates,
        Health = new NodeHealth(),
        Metrics = _metrics,
        TrimCache = services.Cache.Trim,
        MakeRoom = services.Cache.MakeRoom,
    };

    private LoaderServices Services()
    {
        var cache = new ContentCache(_data.FullName, long.MaxValue, TimeProvider.System);
        var engine = new TorchRuntimeOptions();
        return new LoaderServices(
            cache,
            new ContentFetcher(_chunks, cache.TempFolder),
            new ArchiveUnpacker(),
            new RehearsalProcess(
                TestModels.Options.Rehearsal, engine, NodeProgram.Find(), cache.TempFolder, TimeProvider.System),
            new RehearsalStore(EngineFactory.Identity(engine)))
        {
            Runtime = new ModelRuntimeSource(() => EngineFactory.Create(engine, TimeProvider.System)),
            Options = TestModels.Options,
            InFlight = new InFlightRequests(),
            Local = new LocalServing(),
            Gates = TestModels.Gates(),
            Time = TimeProvider.System,
            Metrics = _metrics,
            MaxReplyBytes = 1 << 20,
            KeptTimes = () => 100,
        };
    }
}
