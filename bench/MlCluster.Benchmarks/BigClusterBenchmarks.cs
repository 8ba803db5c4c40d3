using BenchmarkDotNet.Attributes;
using MlCluster.Messages;
using MlCluster.Messages.Routing;
using MlCluster.Node.Data.Models;
using MlCluster.Node.Domain.Deployments;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Domain.Placement;
using MlCluster.Node.Domain.Settings;
using MlCluster.Node.Routing;

namespace MlCluster.Benchmarks;

/// <summary>What the cluster itself has to think about with a hundred nodes and ten thousand models.</summary>
public class BigClusterBenchmarks
{
    private static readonly PlacementRules Rules = PlacementRules.Default;
    private static readonly ModelLimits Limits = new();

    private readonly PlacementNode[] _empty = BigCluster.Nodes(isEmpty: true);
    private readonly PlacementNode[] _full = BigCluster.Nodes(isEmpty: false);
    private readonly WantedModel[] _wanted =
        [.. Enumerable.Range(0, BigCluster.ModelCount).Select(BigCluster.Wanted)];

    private readonly WantedModel _toAll =
        BigCluster.Wanted(0) with { ToAll = true, Model = new ModelId("on-all-nodes") };
    private readonly RoutingState _routing = BigCluster.Routing(BigCluster.Words());
    private readonly DeploymentBook _book = DeploymentBook.Empty with { Models = BigCluster.States() };
    private readonly Random _random = new(7);
    private ClusterView _view = ClusterView.Empty;

    [GlobalSetup]
    public void Setup() => _view = _routing.ToView();

    /// <summary>All nodes are empty, all models wanted: the whole plan.</summary>
    [Benchmark]
    public int PlanEverything() => DeploymentPlanner.Plan(_empty, _wanted, Rules).Loads.Count;

    /// <summary>All is where it should be.</summary>
    [Benchmark]
    public int PlanNothingToDo() => DeploymentPlanner.Plan(_full, _wanted, Rules).Loads.Count;

    /// <summary>One more model on every node: what its entity asks the planner.</summary>
    [Benchmark]
    public int PlanOneToAll() => DeploymentPlanner.PlanOne(_full, _toAll, Rules).Loads.Count;

    /// <summary>The supervisor's look at every model when the view has changed.</summary>
    [Benchmark]
    public int FindAttention() => _book.NeedingAttention(ContextOf, []).Count();

    /// <summary>A node has said something new: a gateway's view and its lookups.</summary>
    [Benchmark]
    public int RebuildView() => _routing.ToView().ReplicasOf(BigCluster.Model(0)).Count;

    /// <summary>What each request does with it.</summary>
    [Benchmark]
    public NodeDeployments? PickReplica()
    {
        var replicas = _view.ReplicasOf(BigCluster.Model(_random.Next(BigCluster.ModelCount)));
        return ReplicaPicker.Pick([.. replicas.Select(r => r.Node)], _ => 0, _random);
    }

    private ModelContext ContextOf(ModelId model) =>
        new(0, ClusterEye.FactsOf(_view, model, SettingsSnapshot.Initial), new HashSet<NodeId>(), null, Limits);
}
