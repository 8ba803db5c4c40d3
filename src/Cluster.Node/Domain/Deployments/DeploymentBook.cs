using System.Collections.Immutable;
using MlCluster.Messages;
using MlCluster.Messages.Deployments;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Models;
using MlCluster.Node.Domain.Placement;

namespace MlCluster.Node.Domain.Deployments;

/// <summary>Every model and every open task, folded from the tagged events of all journals.</summary>
/// <remarks>Chunks are not in it: their events are not tagged.</remarks>
internal sealed record DeploymentBook(
    ImmutableDictionary<ModelId, ModelState> Models, ImmutableHashSet<TaskId> OpenTasks)
{
    public static DeploymentBook Empty { get; } =
        new(ImmutableDictionary<ModelId, ModelState>.Empty, ImmutableHashSet<TaskId>.Empty);

    /// <summary>The last word on models that have gone: a later one of the same id goes on from it, as long as the
    /// journal has it.</summary>
    private ImmutableDictionary<ModelId, ModelPurged> Purged { get; init; } =
        ImmutableDictionary<ModelId, ModelPurged>.Empty;

    public DeploymentBook Apply(object e) => e switch
    {
        ModelPurged purged => this with
        {
            Models = Models.Remove(purged.ModelId),
            Purged = Purged.SetItem(purged.ModelId, purged),
        },
        ModelSnapshotTaken taken => this with
        {
            Models = Models.SetItem(taken.ModelId, WithoutChunks(ModelSnapshots.Restore(taken))),
        },
        IModelEvent model => this with
        {
            Models = Models.SetItem(model.ModelId, ModelFold.Apply(StateOf(model.ModelId), model)),
            Purged = Purged.Remove(model.ModelId),
        },
        TaskCreated created => this with { OpenTasks = OpenTasks.Add(created.TaskId) },
        TaskFinished or TaskDeleted => this with { OpenTasks = OpenTasks.Remove(((ITaskEvent)e).TaskId) },
        _ => this,
    };

    /// <summary>The book once the journal has nothing of a model that has gone: a later one of the same id begins anew.
    /// </summary>
    public DeploymentBook Forget(ModelId model) => this with { Purged = Purged.Remove(model) };

    private ModelState StateOf(ModelId model) =>
        Models.TryGetValue(model, out var known) ? known
        : Purged.TryGetValue(model, out var purged) ? ModelFold.Apply(ModelState.Unknown, purged)
        : ModelState.Unknown;

    // As of every model here; a manifest of thousands of chunks for each would add up.
    private static ModelState WithoutChunks(ModelState state) =>
        state with { Content = state.Content with { Chunks = state.Content.Chunks.Clear() } };

    /// <summary>Models whose entity has to be awake, as the cluster is.</summary>
    /// <param name="contextOf">The cluster as one model sees it.</param>
    /// <param name="served">Models that nodes serve now.</param>
    public IEnumerable<ModelId> NeedingAttention(
        Func<ModelId, ModelContext> contextOf, IEnumerable<ModelId> served)
    {
        var unknown = served.Where(m => !Models.ContainsKey(m));
        return Models
            .Where(m => ModelDuties.NeedsAttention(m.Value, m.Key, contextOf(m.Key)))
            .Select(m => m.Key)
            .Concat(unknown)
            .Distinct();
    }

    /// <summary>Puts models into the order in which they are to be placed: unloads make room, then who came first.</summary>
    public IEnumerable<ModelId> InOrder(
        IEnumerable<ModelId> models, IReadOnlyList<PlacementNode> nodes, PlacementRules rules)
    {
        var wanted = Models
            .Where(m => m.Value is { Phase: ModelPhase.Registered, Plan.WantsAnything: true })
            .Select(m => m.Value.Wanted(m.Key));
        var plan = DeploymentPlanner.Plan(nodes, [.. wanted], rules);
        var turns = plan.Unloads.Concat(plan.Loads).Select(p => p.Model).Distinct().Index().ToDictionary(t => t.Item, t => t.Index);
        return models.OrderBy(m => turns.GetValueOrDefault(m, int.MaxValue));
    }

    public IReadOnlyList<ModelDeployment> Deployments() =>
    [
        .. Models
            .Select(m => ModelDocuments.DeploymentOf(m.Key, m.Value))
            .OfType<ModelDeployment>()
            .OrderBy(d => d.ModelId.Value, StringComparer.Ordinal),
    ];
}
