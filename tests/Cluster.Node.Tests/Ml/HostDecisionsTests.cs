using MlCluster.Messages;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Profile;
using MlCluster.Messages.Routing;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Ml;
using MlCluster.Node.Ml.Content;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml;

public class HostDecisionsTests
{
    private static readonly HostLimits Limits = new(10, 10, 5_000, MemoryShare: 1);

    public static TheoryData<ModelStage, long, string> Known => new()
    {
        { ModelStage.Serving, 4, nameof(LoadStep.Ignore) },
        { ModelStage.Serving, 5, nameof(LoadStep.Report) },
        { ModelStage.Serving, 6, nameof(LoadStep.Report) },
        { ModelStage.Fetching, 6, nameof(LoadStep.Report) },
        { ModelStage.Draining, 6, nameof(LoadStep.StartAfterDraining) },
        { ModelStage.Failed, 5, nameof(LoadStep.Report) },
        { ModelStage.Failed, 6, nameof(LoadStep.Start) },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void OnLoad_KnownModelOfPlanFive_DependsOnStageAndPlan(ModelStage stage, long plan, string step)
    {
        var known = new HostedModel(TestModels.Load(plan: 5), stage);

        Assert.Equal(step, HostDecisions.OnLoad(known, 0, TestModels.Load(plan: plan)).ToString());
    }

    [Fact]
    public void OnLoad_OlderThanTheUnload_IsIgnored()
    {
        Assert.Equal(LoadStep.Ignore, HostDecisions.OnLoad(null, unloadedVersion: 3, TestModels.Load(plan: 3)));
        Assert.Equal(LoadStep.Start, HostDecisions.OnLoad(null, unloadedVersion: 3, TestModels.Load(plan: 4)));
    }

    [Fact]
    public void OnLoad_OtherContent_Replaces()
    {
        var known = new HostedModel(TestModels.Load(archive: [1]), ModelStage.Serving);

        Assert.Equal(LoadStep.Replace, HostDecisions.OnLoad(known, 0, TestModels.Load(plan: 2, archive: [2])));
    }

    [Fact]
    public void Obeys_UnloadOfAnOlderPlan_IsNot()
    {
        var known = new HostedModel(TestModels.Load(plan: 5), ModelStage.Serving);

        Assert.False(HostDecisions.Obeys(known, new UnloadModel(TestModels.Id, 4)));
        Assert.True(HostDecisions.Obeys(known, new UnloadModel(TestModels.Id, 6)));
    }

    [Fact]
    public void Refuse_NodeIsFull_NamesCountAndLimit()
    {
        HostedModel[] hosted = [.. Enumerable.Range(0, 10).Select(n => Hosted($"other-{n}", ModelStage.Serving))];

        var reason = WhyNot(hosted, memoryBytes: null);

        Assert.StartsWith("Exceed max local model per node limit", reason, StringComparison.Ordinal);
        Assert.Contains("10 models of at most 10", reason, StringComparison.Ordinal);
    }

    // Each fits alone.
    [Theory]
    [InlineData(ModelStage.Queued, false)]
    [InlineData(ModelStage.Fetching, false)]
    [InlineData(ModelStage.Loading, false)]
    [InlineData(ModelStage.Serving, false)]
    [InlineData(ModelStage.Draining, false)]
    [InlineData(ModelStage.Failed, true)]
    public void RoomFor_AnotherModelIsThere_CountsItUnlessItFailed(ModelStage other, bool fits)
    {
        var need = PlacementRules.Default.MemoryNeeded(TestModels.Load().SizeBytes);

        var reason = WhyNot([Hosted("other", other)], memoryBytes: (2 * need) - 1);

        Assert.Equal(fits, reason is null);
        Assert.True(fits || reason!.Contains($"{need} of {(2 * need) - 1} are", StringComparison.Ordinal), reason);
        Assert.Null(WhyNot([Hosted("other", other)], memoryBytes: 2 * need));
    }

    [Fact]
    public void RoomFor_TheModelItself_TakesNoRoomFromItself() =>
        Assert.Empty(RoomFor([Hosted(TestModels.Id.Value, ModelStage.Serving)], memoryBytes: null).Models);

    [Fact]
    public void Refuse_DiskBelowThreshold_NamesBytesAndLimit()
    {
        var reason = HostDecisions.RefuseForDisk(Limits, freeDiskBytes: 4_999, neededBytes: 0);

        Assert.StartsWith("Disk Circuit Breaker is open", reason, StringComparison.Ordinal);
        Assert.Contains("4999 bytes are free", reason, StringComparison.Ordinal);
        Assert.Contains("5000 bytes", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuse_RoomLeft_IsNull()
    {
        Assert.Null(HostDecisions.RefuseForDisk(Limits, freeDiskBytes: 5_000, neededBytes: 0));
        Assert.Null(HostDecisions.RefuseForDisk(Limits, freeDiskBytes: 8_000, neededBytes: 3_000));
        Assert.Null(HostDecisions.RefuseForDisk(Limits, freeDiskBytes: null, neededBytes: 3_000));
    }

    [Fact]
    public void Refuse_LoadWouldFillTheDisk_NamesWhatItNeedsAndTheLimit()
    {
        var reason = HostDecisions.RefuseForDisk(Limits, freeDiskBytes: 7_999, neededBytes: 3_000);

        Assert.StartsWith("Disk Circuit Breaker is open", reason, StringComparison.Ordinal);
        Assert.Contains("7999 bytes are free", reason, StringComparison.Ordinal);
        Assert.Contains("3000 more are needed", reason, StringComparison.Ordinal);
        Assert.Contains("disk_free_space_threshold is 5000 bytes", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuse_OtherLoadsTakeTheRest_NamesThatToo()
    {
        var reason = HostDecisions.RefuseForDisk(
            Limits, freeDiskBytes: 9_999, neededBytes: 3_000, reservedBytes: 2_000);

        Assert.Contains("3000 more are needed", reason, StringComparison.Ordinal);
        Assert.Contains("loads under way are going to take 2000", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuse_RoomBesideOtherLoads_IsNull()
    {
        Assert.Null(HostDecisions.RefuseForDisk(
            Limits, freeDiskBytes: 10_000, neededBytes: 3_000, reservedBytes: 2_000));

        // What is on disk already needs no room, however little others leave.
        Assert.Null(HostDecisions.RefuseForDisk(
            Limits, freeDiskBytes: 5_000, neededBytes: 0, reservedBytes: 2_000));
    }

    [Fact]
    public void RefuseDisk_OthersTakeIt_MayComeBack()
    {
        Assert.Equal(
            (true, false),
            (HostDecisions.RefuseDisk(Limits, 9_999, 3_000, 2_000)?.NoRoom,
                HostDecisions.RefuseDisk(Limits, 7_999, 3_000, 0)?.NoRoom));
        Assert.Null(HostDecisions.RefuseDisk(Limits, 10_000, 3_000, 2_000));
    }

    [Fact]
    public void RefuseContent_ModelPackedSmall_IsReckonedByItsFile()
    {
        var model = Measured(modelBytes: 1_000_000, unpackedBytes: 1_000_100);
        var need = Limits.Placement.MemoryNeeded(1_000_000);

        var refusal = RefuseContent(model, [], memoryBytes: need - 1);

        Assert.True(refusal!.NoRoom);
        Assert.Contains($"needs about {need} bytes", refusal.Reason, StringComparison.Ordinal);
        Assert.Null(RefuseContent(model, [], memoryBytes: need));
    }

    [Fact]
    public void RefuseContent_AnotherIsPackedSmall_CountsItsFileToo()
    {
        var other = Hosted("other", ModelStage.Serving) with { Content = new ContentSize(1_000_000, 0) };
        var need = Limits.Placement.MemoryNeeded(TestModels.Load().SizeBytes) + Limits.Placement.MemoryNeeded(1_000_000);

        Assert.NotNull(RefuseContent(Measured(1, 1), [other], memoryBytes: need - 1));
        Assert.Null(RefuseContent(Measured(1, 1), [other], memoryBytes: need));
    }

    [Fact]
    public void RefuseContent_UnpackedIsMoreThanTheDiskHas_NamesWhatItNeeds()
    {
        var model = Measured(modelBytes: 300, unpackedBytes: 400);

        var refusal = RefuseContent(model, [], memoryBytes: null, freeDiskBytes: 5_699);

        Assert.False(refusal!.NoRoom);
        Assert.Contains("700 more are needed", refusal.Reason, StringComparison.Ordinal);
        Assert.Null(RefuseContent(model, [], memoryBytes: null, freeDiskBytes: 5_700));
    }

    [Fact]
    public void RefuseContent_OnDiskAlready_NeedsNoMore() =>
        Assert.Null(RefuseContent(Measured(300, 0), [], memoryBytes: null, freeDiskBytes: 0));

    // The limit may have been lowered since the load began.
    [Fact]
    public void RefuseContent_NodeIsFullByCount_KeepsItsPlace() => Assert.Null(RefuseContent(
        Measured(1, 1),
        [.. Enumerable.Range(0, 10).Select(n => Hosted($"other-{n}", ModelStage.Serving))],
        memoryBytes: null));

    private static HostedModel Measured(long modelBytes, long unpackedBytes) =>
        Hosted(TestModels.Id.Value, ModelStage.Fetching) with { Content = new ContentSize(modelBytes, unpackedBytes) };

    private static LoadRefusal? RefuseContent(
        HostedModel model, HostedModel[] others, long? memoryBytes, long? freeDiskBytes = null) =>
        HostDecisions.RefuseContent(
            model,
            freeDiskBytes,
            FakeViews.Node(TestModels.Node, "akka://test") with { Capacity = new NodeCapacity(10, memoryBytes) },
            [model, .. others],
            Limits);

    private static HostedModel Hosted(string id, ModelStage stage) => new(TestModels.Load(new ModelId(id)), stage);

    private static string? WhyNot(HostedModel[] hosted, long? memoryBytes) => DeploymentPlanner.WhyNot(
        RoomFor(hosted, memoryBytes), TestModels.Load().SizeBytes, Limits.Placement);

    private static PlacementNode RoomFor(HostedModel[] hosted, long? memoryBytes) => HostDecisions.RoomFor(
        TestModels.Id,
        FakeViews.Node(TestModels.Node, "akka://test") with { Capacity = new NodeCapacity(10, memoryBytes) },
        hosted,
        Limits);
}
