using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Tests.Domain;

/// <summary>Changing what a registration said.</summary>
public sealed class UpdateTests
{
    private static readonly ModelChanges Disabled = Some.NoChanges with { IsEnabled = false };

    [Fact]
    public void Update_EveryField_ChangesTheDocumentAndNothingElse()
    {
        var model = TestModel.Registered();
        var before = model.State;

        var reply = Reply(model.Do(Some.Update("u1", new ModelChanges(
            "vectors",
            "new",
            new GroupMembership(new ModelGroupId("group-2"), 7),
            false,
            new RateLimiter("4", RateUnit.Minutes),
            new ModelConfig("", null, "") with { PoolingMode = "CLS", ModelMaxLength = 128 }))));

        Assert.Equal(new ModelUpdatedReply(Some.Model, before.Version + 1, Changed: true), reply);
        Assert.Equal(
            before.Spec! with
            {
                Name = "vectors",
                Description = "new",
                ModelGroupId = "group-2",
                Version = "7",
                IsEnabled = false,
                RateLimiter = new RateLimiter("4", RateUnit.Minutes),
                Config = before.Spec.Config with { PoolingMode = "CLS", ModelMaxLength = 128 },
            },
            model.State.Spec);
        Assert.Equal(
            (before.Plan, before.Dialect, before.Content),
            (model.State.Plan, model.State.Dialect, model.State.Content));
    }

    [Fact]
    public void Update_LimiterInTwoSteps_KeepsWhatWasSaid()
    {
        var model = TestModel.Registered();

        model.Do(Some.Update("u1", Some.NoChanges with { RateLimiter = new RateLimiter("4", null) }));
        model.Do(Some.Update("u2", Some.NoChanges with { RateLimiter = new RateLimiter(null, RateUnit.Hours) }));

        Assert.Equal(new RateLimiter("4", RateUnit.Hours), model.State.Spec!.RateLimiter);
    }

    [Fact]
    public void Update_DeploySettingAndInterfaceInTwoSteps_KeepWhatWasSaid()
    {
        var model = TestModel.Registered();

        model.Do(Some.Update("u1", Some.NoChanges with
        {
            DeploySetting = new DeploySetting(true, null), Interface = new ModelInterface("{}", null),
        }));
        model.Do(Some.Update("u2", Some.NoChanges with
        {
            DeploySetting = new DeploySetting(null, 30), Interface = new ModelInterface(null, "true"),
        }));

        Assert.Equal(new DeploySetting(true, 30), model.State.Spec!.DeploySetting);
        Assert.Equal(new ModelInterface("{}", "true"), model.State.Spec.Interface);
    }

    [Fact]
    public void Update_Interface_IsOwedToTheNodesWithItsVersion()
    {
        var model = TestModel.Deployed(Some.NodeA);
        model.Context = Some.Cluster(Some.Node(Some.NodeA, serves: true));
        Assert.Equal(0, model.State.Rules.InterfaceVersion);

        model.Do(Some.Update("u1", Some.NoChanges with { Interface = new ModelInterface("{}", null) }));

        Assert.True(model.State.Updates.RulesOwed);
        Assert.Equal(model.State.Version, Assert.Single(Rules(model)).Rules.InterfaceVersion);
    }

    [Fact]
    public void Rules_RegisteredWithAnInterface_AreOfItsFirstVersion()
    {
        var model = new TestModel();

        model.Do(Some.RegisterMeta() with { Spec = Some.Spec with { Interface = new ModelInterface("{}", null) } });

        Assert.Equal((0, 1), (model.State.Rules.Version, model.State.Rules.InterfaceVersion));
    }

    [Fact]
    public void Update_NothingNew_IsNoEvent()
    {
        var model = TestModel.Registered();
        model.Do(Some.Update("u1", Disabled));

        var decision = model.Do(Some.Update("u2", Disabled));

        Assert.Empty(decision.Events);
        var reply = Assert.IsType<Answer.Now>(decision.Answer).Reply;
        Assert.Equal(new ModelUpdatedReply(Some.Model, model.State.Version, Changed: false), reply);
    }

    [Fact]
    public void Update_Twice_ActsOnceAndAnswersTheSame()
    {
        var model = TestModel.Registered();
        var first = model.Do(Some.Update("u1", Disabled));

        var second = model.Do(Some.Update("u1", Disabled));

        Assert.Empty(second.Events);
        Assert.Equal(first.Answer, second.Answer);
    }

    [Fact]
    public void Update_RepeatedAfterOthers_ChangesNothing()
    {
        var model = TestModel.Registered();
        var first = Some.Update("u1", Some.NoChanges with { Name = "first" });
        model.Do(first);
        for (var i = 2; i <= 8; i++)
        {
            model.Do(Some.Update($"u{i}", Some.NoChanges with { Name = $"name {i}" }));
        }

        var repeated = model.Do(first);

        Assert.Empty(repeated.Events);
        Assert.Equal(new ModelUpdatedReply(Some.Model, model.State.Version, Changed: true), Reply(repeated));
        Assert.Equal("name 8", model.State.Spec!.Name);
        Assert.Empty(model.Restored().Do(first).Events);
    }

    [Fact]
    public void Update_OfASnapshotThatKnewOneCommand_IsStillKnown()
    {
        var model = TestModel.Registered();
        model.Do(Some.Update("u1", Some.NoChanges with { Name = "first" }));
        model.Do(Some.Update("u2", Some.NoChanges with { Name = "second" }));

        var restored = model.Restored(taken => taken with { Updates = taken.Updates! with { EarlierUpdates = [] } });

        Assert.Empty(restored.Do(Some.Update("u2", Some.NoChanges with { Name = "second" })).Events);
        Assert.Equal([new CommandId("u2")], restored.State.Updates.LatestUpdates);
    }

    [Fact]
    public void Update_UnknownOrDeletedModel_IsNotFound()
    {
        var model = new TestModel();
        var unknown = new ProtocolError(
            ErrorCode.NotFound, "Failed to find model to update with the provided model id: model-1");
        Assert.Equal(unknown, Refused(model.Do(Some.Update("u1", Disabled))));

        model = TestModel.Registered();
        model.Do(new DeleteModel(Some.Model, new CommandId("d")));

        Assert.Equal(unknown, Refused(model.Do(Some.Update("u1", Disabled))));
    }

    [Fact]
    public void Update_WhileDeploying_IsAConflict()
    {
        var model = TestModel.Registered();
        model.Do(Some.Deploy());

        Assert.Equal(
            new ProtocolError(
                ErrorCode.Conflict,
                "Model is deploying. Please wait for the model to complete deployment. model ID model-1"),
            Refused(model.Do(Some.Update("u1", Disabled))));
    }

    [Fact]
    public void Update_OtherFunction_IsForbidden()
    {
        var model = new TestModel();
        model.Do(Some.RegisterMeta() with { Spec = Some.Spec with { FunctionName = "SPARSE_ENCODING" } });

        Assert.Equal(
            new ProtocolError(
                ErrorCode.Forbidden, "The function category SPARSE_ENCODING is not supported at this time."),
            Refused(model.Do(Some.Update("u1", Disabled))));
    }

    [Fact]
    public void Update_Rules_AreOwedToEachNodeUntilItGoesByThem()
    {
        var model = TestModel.Deployed(Some.NodeA, Some.NodeB);
        model.Context = Some.Cluster(Some.Node(Some.NodeA, serves: true), Some.Node(Some.NodeB, serves: true));
        model.Take(ModelDecision.Silent(new TaskSettled(Some.Model, Some.Deployment, 1)));
        Assert.False(ModelDuties.NeedsAttention(model.State, Some.Model, model.Context));

        model.Do(Some.Update("u1", Disabled));

        Assert.Equal([Some.NodeA, Some.NodeB], Told(model));
        Assert.All(Rules(model), d => Assert.Equal(new ServingRules(model.State.Version, false, null), d.Rules));
        Assert.True(ModelDuties.NeedsAttention(model.State, Some.Model, model.Context));
        Settle(model, Some.NodeA);
        Assert.Equal([Some.NodeB], Told(model));
        Assert.True(model.State.Updates.RulesOwed);

        Settle(model, Some.NodeA, Some.NodeB);

        Assert.False(model.State.Updates.RulesOwed);
        Assert.Empty(Told(model));
        Assert.False(ModelDuties.NeedsAttention(model.State, Some.Model, model.Context));
    }

    [Fact]
    public void Update_NodeOutOfSight_IsOwedUntilItIsLost()
    {
        var model = TestModel.Deployed(Some.NodeA);
        model.Context = Some.Cluster();

        model.Do(Some.Update("u1", Disabled));

        Assert.Empty(Told(model));
        Settle(model);
        Assert.True(model.State.Updates.RulesOwed);
        // Should it be the same process, it is asked to load again, with the rules of then.
        model.Context = Some.Cluster() with { Lost = new HashSet<NodeId> { Some.NodeA } };
        model.Do(new ReconcileModel(Some.Model));
        Settle(model);
        Assert.False(model.State.Updates.RulesOwed);
    }

    [Fact]
    public void Update_WhatNoNodeGoesBy_IsOwedToNobody()
    {
        var model = TestModel.Deployed(Some.NodeA);

        model.Do(Some.Update("u1", Some.NoChanges with { Name = "vectors" }));

        Assert.Empty(Told(model));
        Assert.False(model.State.Updates.RulesOwed);
        Assert.Equal(0, model.State.Rules.Version);
    }

    [Fact]
    public void Update_ModelThatIsNowhere_IsOwedToNobody()
    {
        var model = TestModel.Registered();

        model.Do(Some.Update("u1", Disabled));

        Assert.False(model.State.Updates.RulesOwed);
        Assert.Equal(new ServingRules(model.State.Version, false, null), model.State.Rules);
    }

    private static IEnumerable<Duty.ApplyRules> Rules(TestModel model) =>
        ModelDuties.Of(model.State, model.Context).OfType<Duty.ApplyRules>();

    private static IEnumerable<NodeId> Told(TestModel model) =>
        Rules(model).Select(d => d.Node.NodeId).OrderBy(n => n.Value, StringComparer.Ordinal);

    private static void Settle(TestModel model, params NodeId[] nodes)
    {
        model.Context = model.Context with { RuledNodes = nodes.ToHashSet() };
        model.Take(HousekeepingDecisions.Next((model.State, Some.Model), null, false, null, model.Context));
    }

    private static IModelReply Reply(ModelDecision decision) =>
        Assert.IsType<Answer.WhenRulesApply>(decision.Answer).Reply;

    private static ProtocolError Refused(ModelDecision decision)
    {
        Assert.Empty(decision.Events);
        return Assert.IsType<ModelRejected>(Assert.IsType<Answer.Now>(decision.Answer).Reply).Error;
    }
}
