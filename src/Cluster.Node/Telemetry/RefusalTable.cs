using System.Diagnostics.Metrics;
using MlCluster.Messages;

namespace MlCluster.Node.Telemetry;

/// <summary>Work that was refused because this node had no room for it: what OpenSearch's circuit breakers count.</summary>
internal sealed class RefusalTable
{
    private readonly ActionCounter _queueFull;
    private readonly ActionCounter _noRoom;
    private readonly ActionCounter _bodiesFull;

    public RefusalTable(Meter meter, NodeId node)
    {
        _queueFull = new(Labels.Of((Labels.Node, node.Value), (Labels.Reason, "queue_full")));
        _noRoom = new(Labels.Of((Labels.Node, node.Value), (Labels.Reason, "no_room")));
        _bodiesFull = new(Labels.Of((Labels.Node, node.Value), (Labels.Reason, "bodies_full")));
        meter.CreateObservableCounter(
            "mlcluster.refusals", Observe, "{request}", "Work that was refused because there was no room for it.");
    }

    /// <summary>Of every kind.</summary>
    public long Total => _queueFull.Requests + _noRoom.Requests + _bodiesFull.Requests;

    /// <summary>The queue of a model was full.</summary>
    public void QueueFull() => _queueFull.Request();

    /// <summary>A model did not fit: too many, too little memory, or disk.</summary>
    public void NoRoom() => _noRoom.Request();

    /// <summary>A gateway held as many bytes of request bodies as it may.</summary>
    public void BodiesFull() => _bodiesFull.Request();

    private Measurement<long>[] Observe() =>
    [
        new(_queueFull.Requests, _queueFull.Tags),
        new(_noRoom.Requests, _noRoom.Tags),
        new(_bodiesFull.Requests, _bodiesFull.Tags),
    ];
}
