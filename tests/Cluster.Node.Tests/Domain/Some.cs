using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Messages.Tasks;
using MlCluster.Node.Domain.Models;
using TaskStatus = MlCluster.Messages.Tasks.TaskStatus;

namespace MlCluster.Node.Tests.Domain;

/// <summary>Ordinary values for tests on models.</summary>
internal static class Some
{
    public const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    public static readonly ModelId Model = new("model-1");
    public static readonly TaskId Registration = new("register-1");
    public static readonly TaskId Deployment = new("deploy-1");
    public static readonly NodeId NodeA = new("node-a");
    public static readonly NodeId NodeB = new("node-b");

    public static readonly ModelSpec Spec = new(
        "mini",
        "1.0.0",
        null,
        "TEXT_EMBEDDING",
        "TORCH_SCRIPT",
        new ModelConfig("bert", 384, "SENTENCE_TRANSFORMERS"),
        null);

    public static RegisterModel RegisterByUrl(AutoDeploy? deploy = null) =>
        new(Model, Registration, Spec, "http://somewhere/model.zip", null, deploy, Dialect.Current);

    public static RegisterModelMeta RegisterMeta(int chunks = 2) =>
        new(Model, Spec, chunks, null, Hash, Dialect.Current);

    public static ChunkRef Chunk(int number, long sequenceNr = 1, int length = 10) =>
        new(number, sequenceNr, length, Hash);

    public static DeployModel Deploy(TaskId? task = null, params string[] nodes) =>
        new(Model, task ?? Deployment, nodes, Dialect.Current);

    /// <summary>The task of a deployment that runs on some nodes.</summary>
    public static CreateTask OpenDeployment(params IReadOnlyList<NodeId> nodes) => new(
        Deployment, Model, TaskType.DeployModel, "TEXT_EMBEDDING", TaskStatus.Running, nodes, Dialect.Current);

    /// <summary>The task of a registration under way.</summary>
    public static CreateTask OpenRegistration() => new(
        Registration, Model, TaskType.RegisterModel, "TEXT_EMBEDDING", TaskStatus.Created, [NodeA], Dialect.Current);

    public static UndeployModel Undeploy(string command, params string[] nodes) =>
        new(Model, new CommandId(command), nodes, Dialect.Current);

    public static ModelChanges NoChanges { get; } = new(null, null, null, null, null, null);

    public static UpdateModel Update(string command, ModelChanges? changes = null) =>
        new(Model, new CommandId(command), changes ?? NoChanges);

    public static SaveController Controller(
        string command, bool mustExist, params (string User, string Limit)[] users) => new(
        Model,
        new CommandId(command),
        [.. users.Select(u => new UserRateLimiter(u.User, new RateLimiter(u.Limit, RateUnit.Minutes)))],
        mustExist);

    public static ReportNodeDeployment Report(
        NodeId node, NodeDeploymentStatus status, long planVersion = 1, long incarnation = 1, string? error = null) =>
        new(Model, node, incarnation, planVersion, status, error);

    /// <summary>A node's word that other models took its room.</summary>
    public static ReportNodeDeployment NoRoom(NodeId node, string error, long planVersion = 1) =>
        Report(node, NodeDeploymentStatus.Failed, planVersion, error: error) with { NoRoom = true };

    public static ModelContext Cluster(params NodeFacts[] nodes) =>
        new(1_000, nodes, new HashSet<NodeId>(), null, new ModelLimits());

    public static NodeFacts Node(NodeId id, long incarnation = 1, bool serves = false) =>
        new(id, incarnation, $"akka.tcp://mlcluster@{id}:4053", serves);
}

/// <summary>A model without its actor: commands are decided and their events applied at once.</summary>
internal sealed class TestModel
{
    private readonly List<IModelEvent> _events = [];

    public ModelState State { get; private set; } = ModelState.Unknown;

    public IReadOnlyList<IModelEvent> Events => _events;

    public ModelContext Context { get; set; } = Some.Cluster(Some.Node(Some.NodeA), Some.Node(Some.NodeB));

    public ModelDecision Do(IModelCommand command) => Take(ModelDecisions.Decide(State, command, Context));

    public ModelDecision Take(ModelDecision decision)
    {
        foreach (var e in decision.Events)
        {
            _events.Add(e);
            State = ModelFold.Apply(State, e);
        }

        return decision;
    }

    public static TestModel Registered()
    {
        var model = new TestModel();
        model.Do(Some.RegisterMeta(chunks: 1));
        model.Store(Some.Chunk(0));
        model.Check(null);
        return model;
    }

    public static TestModel Deployed(params NodeId[] nodes)
    {
        var model = Registered();
        model.Context = Some.Cluster([.. nodes.Select(n => Some.Node(n))]);
        model.Do(Some.Deploy());
        foreach (var node in nodes)
        {
            model.Do(Some.Report(node, NodeDeploymentStatus.Loaded, model.State.Plan.Version));
        }

        return model;
    }

    /// <summary>Deletes it and clears away what is left.</summary>
    public void Purge(string command = "delete")
    {
        Do(new DeleteModel(Some.Model, new CommandId(command)));
        while (State.Phase != ModelPhase.Purged)
        {
            var decision = Take(HousekeepingDecisions.Next(
                (State, Some.Model), Decided(), chunksAreGone: true, overdue: null, Context));
            Assert.NotEmpty(decision.Events);
        }
    }

    /// <summary>The model as its snapshot says it is.</summary>
    /// <param name="change">What another version would have written.</param>
    public TestModel Restored(Func<ModelSnapshotTaken, ModelSnapshotTaken>? change = null)
    {
        var taken = ModelSnapshots.Take(State, Some.Model, Context.Now);
        return new TestModel { State = ModelSnapshots.Restore(change?.Invoke(taken) ?? taken), Context = Context };
    }

    /// <summary>A task whose end is known; null: none.</summary>
    public TaskId? Decided() =>
        State.Tasks.Values.Where(t => t.IsDecided).Select(t => (TaskId?)t.TaskId).FirstOrDefault();

    public void Store(ChunkRef chunk) => Take(ChunkDecisions.Stored(State, Some.Model, chunk, Context));

    public void Check(string? problem, int? generation = null) => Take(ChunkDecisions.Checked(
        State,
        Some.Model,
        new ContentVerdict(generation ?? State.Content.Generation, State.Content.StoredBytes, Some.Hash, problem),
        Context));

    public ModelStatus Status => ModelStatusRule.Of(State);
}
