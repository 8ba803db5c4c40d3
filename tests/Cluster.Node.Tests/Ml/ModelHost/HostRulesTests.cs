using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Messages.Profile;
using MlCluster.Node.Ml.Loading;
using MlCluster.Node.Tests.Ml.Fakes;

namespace MlCluster.Node.Tests.Ml.ModelHost;

/// <summary>Rules for predictions reach the gate of their model, and outlive what happens to it.</summary>
public sealed class HostRulesTests : HostKit
{
    private static readonly ServingRules Disabled = new(4, false, null);

    [Fact]
    public void Apply_ServedModel_HoldsAndIsAcknowledged()
    {
        Serve(Load(TestModels.Load()));

        Host.Tell(new ApplyServingRules(Id, Disabled), TestActor);

        Assert.Equal(new ServingRulesApplied(Id, TestModels.Node, 4), ExpectMsg<ServingRulesApplied>());
        Assert.Equal(ErrorCode.Forbidden, Gates.Of(Id).Refusal(Predict(Id))?.Code);
    }

    [Fact]
    public void Apply_Interface_IsInTheRoutingBeforeItIsAcknowledged()
    {
        Serve(Load(TestModels.Load()));

        Host.Tell(new ApplyServingRules(Id, new ServingRules(4, true, null) { HasInterface = true }), TestActor);

        ExpectMsg<ServingRulesApplied>();
        Assert.Equal(4, Assert.Single(Local.Current!.Models).InterfaceVersion);
    }

    [Fact]
    public void Load_WithAnInterface_IsInTheRoutingFromTheBeginning()
    {
        Serve(Load(TestModels.Load() with { Rules = new ServingRules(0, true, null) { HasInterface = true } }));
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);

        Assert.Equal(1, Assert.Single(Local.Current!.Models).InterfaceVersion);
    }

    [Fact]
    public void Apply_ModelThatIsNotThere_IsAcknowledgedAndForgotten()
    {
        Host.Tell(new ApplyServingRules(Id, Disabled), TestActor);

        ExpectMsg<ServingRulesApplied>();
        Assert.Null(Gates.Of(Id).Refusal(Predict(Id)));
    }

    [Fact]
    public void Load_WithRules_HoldsFromTheBeginning()
    {
        Load(TestModels.Load() with { Rules = Disabled });

        Assert.NotNull(Gates.Of(Id).Refusal(Predict(Id)));
    }

    [Fact]
    public void Load_OfAServedModel_BringsNewerRules()
    {
        Serve(Load(TestModels.Load()));
        ExpectReport(NodeDeploymentStatus.Loading);
        ExpectReport(NodeDeploymentStatus.Loaded);

        Host.Tell(TestModels.Load() with { Rules = Disabled });

        Assert.Equal(ModelStage.Serving, StageOf(Id));
        Assert.NotNull(Gates.Of(Id).Refusal(Predict(Id)));
    }

    [Fact]
    public void Apply_WhileTheNextLoadWaits_HoldsForThatToo()
    {
        var loader = Load(TestModels.Load());
        Serve(loader);
        // Other content, so the one that is served has to go first.
        Host.Tell(TestModels.Load(plan: 2, archive: [9]) with { Rules = new ServingRules(1, true, null) });
        Host.Tell(new ApplyServingRules(Id, Disabled), TestActor);
        ExpectMsg<ServingRulesApplied>();

        Loaders.ExpectMsg<StopLoader>();
        loader.Tell(new LoaderStopped(Id));
        NextLoader();

        Assert.NotNull(Gates.Of(Id).Refusal(Predict(Id)));
    }

    [Fact]
    public void Unload_ModelWithRules_ForgetsThem()
    {
        var loader = Load(TestModels.Load() with { Rules = Disabled });
        Serve(loader);
        Host.Tell(new UnloadModel(Id, 2), TestActor);
        Loaders.ExpectMsg<StopLoader>();
        loader.Tell(new LoaderStopped(Id));
        ExpectMsg<ModelUnloaded>();

        Assert.Null(Gates.Of(Id).Refusal(Predict(Id)));
    }
}
