using System.Diagnostics.Metrics;
using MlCluster.Messages;
using MlCluster.Messages.Statistics;

namespace MlCluster.Node.Telemetry;

/// <summary>
/// Every number that this process counts, once: statistics, profile, <c>/metrics</c> and OTLP read the same ones.
/// </summary>
/// <remarks><c>docs/operations.md</c> has a table of them.</remarks>
internal sealed class NodeMetrics : IDisposable
{
    /// <summary>Name of the meter, for those who listen.</summary>
    public const string MeterName = "MlCluster";

    private readonly Meter _meter = new(MeterName);
    private readonly NodeId _node;

    public NodeMetrics(NodeId node)
    {
        _node = node;
        Actions = new ActionTable(_meter, node);
        Models = new ModelTable(_meter, node, Actions);
        Refusals = new RefusalTable(_meter, node);
        Journals = new JournalMetrics(_meter, node);
        Requests = new RequestMetrics(_meter, node);
        Bodies = new BodyMetrics(_meter, node, Refusals);
        Routed = new RoutedTimes(_meter, node);
        ObserveTasks();
        ObserveProcess();
    }

    /// <summary>Requests and failures by function, model and action.</summary>
    public ActionTable Actions { get; }

    /// <summary>What is served.</summary>
    public ModelTable Models { get; }

    /// <summary>Work for which there was no room.</summary>
    public RefusalTable Refusals { get; }

    /// <summary>Writes to the journals.</summary>
    public JournalMetrics Journals { get; }

    /// <summary>REST requests; a gateway alone has any.</summary>
    public RequestMetrics Requests { get; }

    /// <summary>Bodies of REST requests; likewise.</summary>
    public BodyMetrics Bodies { get; }

    /// <summary>Predictions that a gateway routed.</summary>
    public RoutedTimes Routed { get; }

    /// <summary>Loads of models.</summary>
    public RunningCount Loads { get; } = new();

    /// <summary>Downloads of archives.</summary>
    public RunningCount Downloads { get; } = new();

    /// <summary>A model is gone for good: its numbers are those of no model any more, and the sums stay.</summary>
    public void Forget(ModelId model)
    {
        Routed.Forget(model);
        if (Models.Forget(model))
        {
            Actions.Forget(model);
        }
    }

    /// <summary>The numbers of this moment, for statistics.</summary>
    public NodeStatisticsReply Read()
    {
        var actions = Actions.Read();
        return new NodeStatisticsReply(
            _node,
            new NodeNumbers(
                HeapPercent(GC.GetGCMemoryInfo()),
                Loads.Now + Downloads.Now + Models.Active,
                actions.Sum(a => a.Requests),
                actions.Sum(a => a.Failures),
                Models.Served,
                Refusals.Total),
            actions);
    }

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();

    private void ObserveTasks()
    {
        var loads = Labels.Of((Labels.Node, _node.Value), (Labels.Kind, "load"));
        var downloads = Labels.Of((Labels.Node, _node.Value), (Labels.Kind, "download"));
        _meter.CreateObservableUpDownCounter<long>(
            "mlcluster.tasks.running",
            () => [new(Loads.Now, loads), new(Downloads.Now, downloads)],
            "{task}",
            "Loads and downloads under way.");
        var node = Labels.Of((Labels.Node, _node.Value));
        _meter.CreateObservableUpDownCounter(
            "mlcluster.models.served", () => new Measurement<long>(Models.Served, node), "{model}", "Models in service.");
    }

    // What libtorch takes is in the whole of the process and in no number of the runtime.
    private void ObserveProcess()
    {
        var node = Labels.Of((Labels.Node, _node.Value));
        _meter.CreateObservableUpDownCounter(
            "process.memory.usage",
            () => new Measurement<long>(Environment.WorkingSet, node),
            "By",
            "Memory of the process, native memory included.");
    }

    private static int HeapPercent(GCMemoryInfo memory) => memory.TotalAvailableMemoryBytes > 0
        ? (int)(memory.HeapSizeBytes * 100 / memory.TotalAvailableMemoryBytes)
        : 0;
}
