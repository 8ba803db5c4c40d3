using System.Globalization;
using CsCheck;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Tests.Domain;

/// <summary>Whatever comes in whatever order.</summary>
public class ModelPropertyTests
{
    private static readonly Gen<NodeId> Nodes = Gen.Bool.Select(first => first ? Some.NodeA : Some.NodeB);

    private static readonly Gen<Func<TestModel, ModelDecision>> Steps = Gen.OneOf(
        Gen.Const<Func<TestModel, ModelDecision>>(
            m => m.Do(Some.RegisterByUrl(new AutoDeploy(new TaskId("auto"), [])))),
        Gen.Const<Func<TestModel, ModelDecision>>(m => m.Do(Some.RegisterMeta(chunks: 2))),
        Gen.Const<Func<TestModel, ModelDecision>>(m =>
            m.Take(RegistrationDecisions.StartDownload(m.State, Some.Model, m.Context))),
        Gen.Int[0, 2].Select(n => Step(m =>
            m.Take(ChunkDecisions.Stored(m.State, Some.Model, Some.Chunk(n), m.Context)))),
        Gen.Bool.Select(good => Step(m => m.Take(ChunkDecisions.Checked(
            m.State,
            Some.Model,
            new ContentVerdict(m.State.Content.Generation, 20, Some.Hash, good ? null : "bad"),
            m.Context)))),
        Gen.Select(Gen.Int[0, 3], Gen.Bool).Select((task, all) => Step(m => m.Do(
            all ? Some.Deploy(Task(task)) : Some.Deploy(Task(task), "node-a")))),
        Gen.Select(Nodes, Gen.Enum<NodeDeploymentStatus>(), Gen.Long[0, 4], Gen.Long[1, 2])
            .Select((node, status, plan, incarnation) => Step(m => m.Do(Some.Report(
                node, status, plan, incarnation, status == NodeDeploymentStatus.Failed ? "broken" : null)))),
        Gen.Select(Nodes, Gen.Long[0, 4]).Select((node, plan) => Step(m => m.Do(Some.NoRoom(node, "full", plan)))),
        Gen.Select(Gen.Int[0, 2], Gen.Bool).Select((id, all) => Step(m => m.Do(
            all ? Some.Undeploy($"u{id}") : Some.Undeploy($"u{id}", "node-a")))),
        Gen.Select(Nodes, Gen.Long[0, 4], Gen.Bool).Select((node, plan, was) => Step(m =>
            m.Take(UndeploymentDecisions.Unloaded(m.State, Some.Model, node, (plan, was), m.Context)))),
        Gen.Const<Func<TestModel, ModelDecision>>(m => m.Do(new ReconcileModel(Some.Model))),
        Gen.Select(Gen.Int[0, 2], Gen.Bool).Select((id, enabled) => Step(m => m.Do(
            Some.Update($"c{id}") with { Changes = Some.NoChanges with { IsEnabled = enabled } }))),
        Gen.Select(Gen.Int[0, 2], Gen.Bool, Gen.Int[1, 3]).Select((id, mustExist, limit) => Step(m => m.Do(
            Some.Controller($"c{id}", mustExist, ("user", $"{limit}"))))),
        Gen.Int[0, 2].Select(id => Step(m => m.Do(new DeleteController(Some.Model, new CommandId($"c{id}"))))),
        Gen.Bool.Select(gone => Step(m => m.Take(HousekeepingDecisions.Next(
            (m.State, Some.Model), m.Decided(), chunksAreGone: gone, overdue: null, m.Context)))),
        Gen.Int[0, 1].Select(id => Step(m => m.Do(
            new DeleteModel(Some.Model, new CommandId(id.ToString(CultureInfo.InvariantCulture)))))),
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Long[1, 2])
            .Select((a, b, incarnation) => Step(m => Move(m, a, b, incarnation))));

    // In every other one the id has been used before.
    private static readonly Gen<Func<TestModel, ModelDecision>[]> Lives = Gen.Select(
        Steps.Array[1, 30], Gen.Bool, (life, again) => again ? [Step(EarlierLife), .. life] : life);

    [Fact]
    public void Replay_OfAllEvents_GivesTheSameState() => Lives.Sample(life =>
    {
        var model = Live(life);

        var replayed = model.Events.Aggregate(ModelState.Unknown, ModelFold.Apply);

        Assert.Equal(Describe(model.State), Describe(replayed));
    });

    [Fact]
    public void Snapshot_OfAnyLivingModel_IsTheSameState() => Lives.Sample(life =>
    {
        var model = Live(life);
        if (model.State.Phase is ModelPhase.Collecting or ModelPhase.Registered)
        {
            var taken = ModelSnapshots.Take(model.State, Some.Model, 5);

            Assert.Equal(Describe(model.State), Describe(ModelFold.Apply(ModelState.Unknown, taken)));
        }
    });

    [Fact]
    public void Versions_OverAnyLives_GrowAndThePlansAreNotAboveTheDocuments() => Lives.Sample(life =>
    {
        var model = Live(life);
        var state = ModelState.Unknown;
        foreach (var e in model.Events)
        {
            var next = ModelFold.Apply(state, e);
            Assert.InRange(next.Version, state.Version, state.Version + 1);
            Assert.InRange(next.Plan.Version, state.Plan.Version, next.Version);
            Assert.InRange(next.Updates.RulesVersion, next.Exists ? state.Updates.RulesVersion : 0, next.Version);
            state = next;
        }
    });

    [Fact]
    public void Decide_SameCommandTwice_ActsOnce() => Lives.Sample(life =>
    {
        var model = new TestModel();
        foreach (var step in life)
        {
            var first = step(model);
            var before = Describe(model.State);
            if (first.Answer is Answer.WhenTaskExists or Answer.WhenUndeployed or Answer.WhenRulesApply)
            {
                var second = step(model);

                Assert.Empty(second.Events);
                Assert.Equal(first.Answer, second.Answer);
                Assert.Equal(before, Describe(model.State));
            }
        }
    });

    [Fact]
    public void Reconcile_Twice_HasNothingLeftToSay() => Lives.Sample(life =>
    {
        var model = Live(life);
        model.Do(new ReconcileModel(Some.Model));

        Assert.Empty(model.Do(new ReconcileModel(Some.Model)).Events);
    });

    [Fact]
    public void Tasks_OfAModelThatIsGone_AreAllDecided() => Lives.Sample(life =>
    {
        var model = Live(life);

        if (!model.State.Exists)
        {
            Assert.All(model.State.Tasks.Values, t => Assert.True(t.IsDecided));
            Assert.False(model.State.Plan.WantsAnything);
        }
    });

    [Fact]
    public void Loads_OnlyGoToWantedNodes_AndUnloadsNever() => Lives.Sample(life =>
    {
        var model = Live(life);
        var duties = ModelDuties.Of(model.State, model.Context).ToList();

        Assert.All(duties.OfType<Duty.Load>(), d => Assert.True(model.State.Plan.Nodes.ContainsKey(d.Node.NodeId)));
        Assert.All(duties.OfType<Duty.Unload>(), d => Assert.False(model.State.Plan.Nodes.ContainsKey(d.Node.NodeId)));
        Assert.All(duties.OfType<Duty.Load>(), _ => Assert.Equal(ModelPhase.Registered, model.State.Phase));
    });

    [Fact]
    public void Deployed_MeansEveryWantedNodeHasIt() => Lives.Sample(life =>
    {
        var model = Live(life);

        var everywhere = model.State.Plan.Nodes.Count > 0
            && model.State.Plan.Nodes.Values.All(n => n.Status == NodeDeploymentStatus.Loaded);
        Assert.Equal(model.Status == ModelStatus.Deployed, everywhere && model.State.Phase == ModelPhase.Registered);
    });

    [Fact]
    public void Deploying_OfAReconciledModel_MeansANodeIsThereAndIsToLoad() => Lives.Sample(life =>
    {
        var model = Live(life);
        model.Do(new ReconcileModel(Some.Model));

        if (model.Status == ModelStatus.Deploying)
        {
            Assert.NotEmpty(ModelDuties.Of(model.State, model.Context).OfType<Duty.Load>());
        }
    });

    private static Func<TestModel, ModelDecision> Step(Func<TestModel, ModelDecision> step) => step;

    private static ModelDecision EarlierLife(TestModel model)
    {
        model.Do(Some.RegisterMeta(chunks: 1));
        model.Store(Some.Chunk(0));
        model.Check(null);
        model.Do(Some.Deploy(new TaskId("earlier")));
        model.Do(Some.Undeploy("earlier"));
        model.Purge("earlier");
        return ModelDecision.Nothing;
    }

    private static TaskId Task(int number) => new($"task{number}");

    private static TestModel Live(Func<TestModel, ModelDecision>[] life)
    {
        var model = new TestModel();
        foreach (var step in life)
        {
            step(model);
        }

        return model;
    }

    private static ModelDecision Move(TestModel model, bool a, bool b, long incarnation)
    {
        var here = new[] { (Some.NodeA, a), (Some.NodeB, b) };
        model.Context = model.Context with
        {
            Nodes = [.. here.Where(n => n.Item2).Select(n => Some.Node(n.Item1, incarnation))],
            Lost = here.Where(n => !n.Item2).Select(n => n.Item1).ToHashSet(),
        };
        return ModelDecision.Nothing;
    }

    // Immutable collections compare by reference; words compare by what is in them.
    private static string Describe(ModelState s) => string.Join(
        '\n',
        [
            $"{s.Phase} {s.Dialect} {s.Version} {s.Times} {s.Origin} {s.DeletedBy}",
            $"{s.Updates.RulesVersion} {s.Updates.RulesOwed} {string.Join(',', s.Updates.LatestUpdates)}",
            $"{s.Updates.Controller is null} {string.Join(',', s.Updates.Controller?.Commands ?? [])}",
            string.Join(',', s.Updates.Controller?.Users ?? []),
            $"{s.Spec}",
            $"{s.Content with { Chunks = s.Content.Chunks.Clear() }}",
            .. s.Content.Chunks.Values.Select(c => c.ToString()),
            $"{s.Plan.Version} {s.Plan.ToAll} {s.Plan.WantedSince}",
            .. s.Plan.Nodes.Values.Select(n => n.ToString()).Order(StringComparer.Ordinal),
            .. s.Tasks.Values.Select(Describe).Order(StringComparer.Ordinal),
            .. s.SettledTasks.Select(t => t.Value),
            .. s.Undeployments.Select(u =>
                $"{u.CommandId} {u.PlanVersion} {u.Dialect} {string.Join(',', u.Nodes)} {Pairs(u.Results)}"),
        ]);

    private static string Describe(OwedTask t) =>
        $"{t.TaskId} {t.Type} {t.Dialect} {t.Finished} {t.Error} {string.Join(',', t.Nodes)} {Pairs(t.Outcomes)}";

    private static string Pairs<TValue>(IEnumerable<KeyValuePair<NodeId, TValue>> pairs) =>
        string.Join(',', pairs.Select(p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal));
}
