using System.Collections.Concurrent;

namespace MlCluster.Chaos.Ledger;

/// <summary>All that was acknowledged, and what did not go as the API promises; used by all clients at once.</summary>
/// <param name="log">Told of what did not go as promised, at once.</param>
internal sealed class ChaosLedger(Action<string> log)
{
    private readonly ConcurrentDictionary<string, ModelFacts> _models = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskFacts> _tasks = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _failed = new();
    private readonly ConcurrentQueue<Verdicts.Finding> _findings = new();
    private int _acknowledged;
    private int _predictions;
    private int _excused;
    private int _refused;

    public IEnumerable<ModelFacts> Models => _models.Values.OrderBy(m => m.Id, StringComparer.Ordinal);

    public IEnumerable<TaskFacts> Tasks => _tasks.Values.OrderBy(t => t.Id, StringComparer.Ordinal);

    public IReadOnlyCollection<string> FailedRequests => _failed;

    /// <summary>Wrong answers and the like that were seen under way.</summary>
    public IReadOnlyCollection<Verdicts.Finding> Findings => _findings;

    /// <summary>Writes that were answered with success.</summary>
    public int Acknowledged => _acknowledged;

    /// <summary>Predictions with the golden vectors.</summary>
    public int Predictions => _predictions;

    /// <summary>Predictions that were refused while each node that served the model was disturbed.</summary>
    public int Excused => _excused;

    /// <summary>Writes that got nothing but 503 or 429 for the whole budget.</summary>
    public int Refused => _refused;

    public ModelFacts this[string model] => _models[model];

    public void Add(ModelFacts model)
    {
        _models[model.Id] = model;
        Interlocked.Increment(ref _acknowledged);
    }

    public void Add(TaskFacts task)
    {
        _tasks[task.Id] = task;
        Interlocked.Increment(ref _acknowledged);
    }

    /// <summary>Something was answered with success.</summary>
    public void Acknowledge(string model, Func<ModelFacts, ModelFacts> change)
    {
        Change(model, change);
        Interlocked.Increment(ref _acknowledged);
    }

    /// <summary>Something was learnt that no request asked for.</summary>
    public void Change(string model, Func<ModelFacts, ModelFacts> change) =>
        _models.AddOrUpdate(model, id => throw new KeyNotFoundException(id), (_, facts) => change(facts));

    public void TaskEnded(string task, string state)
    {
        _tasks.AddOrUpdate(task, id => throw new KeyNotFoundException(id), (_, facts) => facts with { End = state });
        Interlocked.Increment(ref _acknowledged);
    }

    public void Fail(string detail)
    {
        _failed.Enqueue(detail);
        log($"failed request: {detail}");
    }

    public void Find(Verdicts.Finding finding)
    {
        _findings.Enqueue(finding);
        log($"{finding.Kind}: {finding.Text}");
    }

    public void Predicted() => Interlocked.Increment(ref _predictions);

    public void Excuse() => Interlocked.Increment(ref _excused);

    public void Refuse() => Interlocked.Increment(ref _refused);
}
