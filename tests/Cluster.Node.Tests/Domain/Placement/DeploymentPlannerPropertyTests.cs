using CsCheck;
using MlCluster.Messages;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Tests.Domain.Placement;

/// <summary>Whatever the nodes have and whatever is wanted of them.</summary>
public class DeploymentPlannerPropertyTests
{
    private static readonly PlacementRules Rules = new(["node-0"], 1, 10);

    private static readonly Gen<PlacedModel> Placed =
        Gen.Select(Gen.Int[0, 7], n => new PlacedModel(Model(n), SizeOf(n)));

    private static readonly Gen<PlacementNode[]> Nodes = Gen
        .Select(Gen.Int[1, 4], Gen.Long[0, 400], Gen.Bool, Placed.Array[0, 4])
        .Array[1, 4]
        .Select(all => all
            .Select((n, i) => new PlacementNode(
                new NodeId($"node-{i}"), $"node-{i}", n.Item1, n.Item3 ? n.Item2 : null, [.. n.Item4.Distinct()]))
            .ToArray());

    private static readonly Gen<WantedModel[]> Wanted = Gen
        .Select(Gen.Int[0, 7], Gen.Bool, Gen.Int[0, 5].Array[0, 3], Gen.Long[0, 3])
        .Array[0, 6]
        .Select(all => all
            .DistinctBy(w => w.Item1)
            .Select(w => new WantedModel(
                Model(w.Item1), SizeOf(w.Item1), w.Item2, [.. w.Item3.Select(n => new NodeId($"node-{n}"))], w.Item4))
            .ToArray());

    private static readonly Gen<(PlacementNode[] Nodes, WantedModel[] Wanted)> Problems = Gen.Select(Nodes, Wanted);

    [Fact]
    public void Plan_AnyProblem_KeepsWhatIsPlacedAndWanted() => Problems.Sample(problem =>
    {
        var plan = Plan(problem);

        var unloaded = plan.Unloads.ToHashSet();
        foreach (var node in problem.Nodes)
        {
            foreach (var placed in node.Models)
            {
                var wanted = problem.Wanted.Any(w => w.Model == placed.Model && w.Wants(node.NodeId));
                Assert.Equal(!wanted, unloaded.Contains(new Assignment(placed.Model, node.NodeId)));
            }
        }
    });

    [Fact]
    public void Plan_AnyProblem_LoadsOnlyWhereItWasAskedAndAllowed() => Problems.Sample(problem =>
    {
        foreach (var load in Plan(problem).Loads)
        {
            var node = problem.Nodes.Single(n => n.NodeId == load.Node);
            Assert.False(node.Has(load.Model) || Rules.Excludes(node));
            Assert.Contains(problem.Wanted, w => w.Model == load.Model && w.Wants(load.Node));
        }
    });

    [Fact]
    public void Plan_AnyProblem_LoadsOrRefusesEveryMissingModelOnce() => Problems.Sample(problem =>
    {
        var plan = Plan(problem);

        var missing =
            from w in problem.Wanted
            from n in problem.Nodes
            where w.Wants(n.NodeId) && !n.Has(w.Model) && !Rules.Excludes(n)
            select new Assignment(w.Model, n.NodeId);
        Assert.Equal(
            missing.OrderBy(a => a.ToString(), StringComparer.Ordinal),
            plan.Loads.Concat(plan.Refusals.Select(r => r.Assignment)).OrderBy(a => a.ToString(), StringComparer.Ordinal));
    });

    [Fact]
    public void Plan_AnyProblem_FillsNoNodeBeyondItsLimits() => Problems.Sample(problem =>
    {
        var plan = Plan(problem);

        foreach (var node in problem.Nodes.Where(n => plan.Loads.Exists(l => l.Node == n.NodeId)))
        {
            var after = After(node, plan);
            Assert.True(after.Count <= node.MaxModels, $"{node.NodeId} gets {after.Count} models of {node.MaxModels}");
            var memory = after.Sum(m => Rules.MemoryNeeded(SizeOf(m)));
            Assert.True(memory <= (node.MemoryBytes ?? long.MaxValue), $"{node.NodeId} gets {memory} bytes");
        }
    });

    [Fact]
    public void Plan_AnyProblem_RefusesOnlyWhatDoesNotFitThen() => Problems.Sample(problem =>
    {
        var plan = Plan(problem);

        foreach (var refusal in plan.Refusals)
        {
            var node = problem.Nodes.Single(n => n.NodeId == refusal.Assignment.Node);
            var after = After(node, plan);
            var need = after.Append(refusal.Assignment.Model).Sum(m => Rules.MemoryNeeded(SizeOf(m)));
            Assert.True(
                after.Count >= node.MaxModels || need > node.MemoryBytes,
                $"{refusal} though {node.NodeId} ends with {after.Count} models");
        }
    });

    [Fact]
    public void Plan_Carried_Out_LeavesOnlyWhatWasRefused() => Problems.Sample(problem =>
    {
        var plan = Plan(problem);
        var nodes = problem.Nodes
            .Select(n => n with { Models = [.. After(n, plan).Select(m => new PlacedModel(m, SizeOf(m)))] })
            .ToArray();

        var next = Plan((nodes, problem.Wanted));

        Assert.Empty(next.Unloads);
        Assert.Empty(next.Loads);
        Assert.Equal(plan.Refusals.Select(r => r.Assignment), next.Refusals.Select(r => r.Assignment));
    });

    [Fact]
    public void Plan_OrderOfTheQuestion_ChangesNothing() => Problems.Sample(problem =>
    {
        var (plan, turned) = (Plan(problem), Plan(([.. problem.Nodes.Reverse()], [.. problem.Wanted.Reverse()])));

        Assert.Equal(plan.Unloads, turned.Unloads);
        Assert.Equal(plan.Loads, turned.Loads);
        Assert.Equal(plan.Refusals, turned.Refusals);
    });

    [Fact]
    public void PlanOne_AnyProblem_TouchesNoOtherModel() => Problems.Sample(problem =>
    {
        foreach (var wanted in problem.Wanted)
        {
            var plan = DeploymentPlanner.PlanOne(problem.Nodes, wanted, Rules);

            Assert.All(plan.Unloads.Concat(plan.Loads), a => Assert.Equal(wanted.Model, a.Model));
            Assert.All(plan.Refusals, r => Assert.Equal(wanted.Model, r.Assignment.Model));
        }
    });

    [Fact]
    public void PlanOne_AnyProblem_IsThePlanWithAllOthersWhereTheyAre() => Problems.Sample(problem =>
    {
        foreach (var wanted in problem.Wanted)
        {
            var others = problem.Nodes.SelectMany(n => n.Models.Select(m => m.Model)).Distinct()
                .Where(m => m != wanted.Model)
                .Select(m => new WantedModel(
                    m, SizeOf(m), ToAll: false, [.. problem.Nodes.Where(n => n.Has(m)).Select(n => n.NodeId)], 0));

            var whole = DeploymentPlanner.Plan(problem.Nodes, [.. others, wanted], Rules);

            var one = DeploymentPlanner.PlanOne(problem.Nodes, wanted, Rules);
            Assert.Equal(whole.Unloads, one.Unloads);
            Assert.Equal(whole.Loads, one.Loads);
            Assert.Equal(whole.Refusals, one.Refusals);
        }
    });

    private static PlacementPlan Plan((PlacementNode[] Nodes, WantedModel[] Wanted) problem) =>
        DeploymentPlanner.Plan(problem.Nodes, problem.Wanted, Rules);

    private static List<ModelId> After(PlacementNode node, PlacementPlan plan) =>
    [
        .. node.Models.Select(m => m.Model).Where(m => !plan.Unloads.Contains(new Assignment(m, node.NodeId))),
        .. plan.Loads.Where(l => l.Node == node.NodeId).Select(l => l.Model),
    ];

    private static ModelId Model(int n) => new(n.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static long SizeOf(ModelId model) =>
        SizeOf(int.Parse(model.Value, System.Globalization.CultureInfo.InvariantCulture));

    private static long SizeOf(int model) => 20 * model;
}
