using Akka.Actor;
using Akka.TestKit;
using MlCluster.Messages;
using MlCluster.Messages.Loading;
using MlCluster.Messages.Models;
using MlCluster.Node.Tests.Data.Support;
using MlCluster.Node.Tests.Domain;

namespace MlCluster.Node.Tests.Data.Persistence;

/// <summary>A change of a model is answered when its nodes go by it, and outlives whoever told them.</summary>
public abstract class UpdateSpec(ITestDatabase database) : ModelKit(database)
{
    private const string Entity = "model-1";
    private static readonly UpdateModel Disable = Some.Update("u1", Some.NoChanges with { IsEnabled = false });

    [SkippableFact]
    public void Update_DeployedModel_IsAnsweredWhenTheNodeGoesByIt()
    {
        DeployAndReport();
        var caller = Send(Disable);
        var rules = FishForMessage<ApplyServingRules>(_ => true, Patience).Rules;
        Assert.False(rules.IsEnabled);
        caller.ExpectNoMsg(TimeSpan.FromMilliseconds(200));

        Models.Tell(new ServingRulesApplied(Some.Model, Some.NodeA, rules.Version));

        Assert.True(caller.ExpectMsg<ModelUpdatedReply>(Patience).Changed);
        Assert.False(Ask<ModelDocument>(new GetModel(Some.Model)).Spec.IsEnabled);
        Assert.True(Ask<ModelUpdatedReply>(Disable).Changed);
    }

    [SkippableFact]
    public void Update_NodeThatSaysNothing_IsToldAgain()
    {
        DeployAndReport();
        Send(Disable);

        var first = FishForMessage<ApplyServingRules>(_ => true, Patience);

        Assert.Equal(first, FishForMessage<ApplyServingRules>(_ => true, Patience));
    }

    [SkippableFact]
    public void Update_OwnerEndsBeforeTheNodeWasTold_IsMadeGoodByTheNext()
    {
        DeployAndReport();
        StartSupervisor();
        Send(Disable);
        FishForMessage<ApplyServingRules>(_ => true, Patience);

        Crash(Models, Entity);

        var again = FishForMessage<ApplyServingRules>(_ => true, Patience);
        Models.Tell(new ServingRulesApplied(Some.Model, Some.NodeA, again.Rules.Version));
        Assert.True(Ask<ModelUpdatedReply>(Disable).Changed);
    }

    [SkippableFact]
    public void Update_BeforeTheModelIsLoaded_GoesWithTheLoad()
    {
        UploadAndWait();
        var limiter = new RateLimiter("4", RateUnit.Minutes);
        Ask<ModelUpdatedReply>(Some.Update("u1", Some.NoChanges with { RateLimiter = limiter }));
        Crash(Models, Entity);

        var load = Deploy();

        Assert.Equal((true, limiter), (load.Rules!.IsEnabled, load.Rules.Limiter));
    }

    [SkippableFact]
    public void UpdateAndController_WhoseOwnerEnds_AreWhatTheyWere()
    {
        UploadAndWait();
        var save = Some.Controller("c1", mustExist: false, ("user", "4"));
        var saved = Ask<ControllerSavedReply>(save);
        var updated = Ask<ModelUpdatedReply>(Disable);
        var before = Ask<ModelDocument>(new GetModel(Some.Model));

        Crash(Models, Entity);

        Assert.Equal(updated, Ask<ModelUpdatedReply>(Disable));
        Assert.Equal(saved, Ask<ControllerSavedReply>(save));
        Assert.Equivalent(before, Ask<ModelDocument>(new GetModel(Some.Model)), strict: true);
        Assert.Equal(save.Users, Ask<ControllerDocument>(new GetController(Some.Model)).Users);
        var delete = new DeleteController(Some.Model, new CommandId("c2"));
        var deleted = Ask<ControllerDeletedReply>(delete);
        Crash(Models, Entity);
        Assert.Equal(deleted, Ask<ControllerDeletedReply>(delete));
    }

    private void DeployAndReport()
    {
        UploadAndWait();
        Deploy();
        Views.Show(FakeViews.Node(Some.NodeA, Address, 1, Some.Model));
        Report(NodeDeploymentStatus.Loaded);
        TaskEnd(Some.Deployment);
    }

    private TestProbe Send(UpdateModel command)
    {
        var caller = CreateTestProbe();
        Models.Tell(command, caller);
        return caller;
    }
}
