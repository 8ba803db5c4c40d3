using System.Diagnostics.Metrics;
using MlCluster.Messages;

namespace MlCluster.Node.Telemetry;

/// <summary>Bytes of request bodies that a gateway holds now; any thread.</summary>
internal sealed class BodyMetrics
{
    private readonly RefusalTable _refusals;
    private long _held;

    public BodyMetrics(Meter meter, NodeId node, RefusalTable refusals)
    {
        _refusals = refusals;
        var tags = Labels.Of((Labels.Node, node.Value));
        meter.CreateObservableUpDownCounter(
            "mlcluster.http.bodies.size",
            () => new Measurement<long>(Volatile.Read(ref _held), tags),
            "By",
            "Request bodies that the gateway holds.");
    }

    /// <summary>Holds more, or counts a refusal.</summary>
    /// <param name="limit">Most bytes in all.</param>
    /// <param name="wanted">Bytes in all with these.</param>
    public bool TryHold(long bytes, long limit, out long wanted)
    {
        for (var held = Volatile.Read(ref _held); ;)
        {
            wanted = held + bytes;
            if (wanted > limit)
            {
                _refusals.BodiesFull();
                return false;
            }

            var before = Interlocked.CompareExchange(ref _held, wanted, held);
            if (before == held)
            {
                return true;
            }

            held = before;
        }
    }

    public void Release(long bytes) => Interlocked.Add(ref _held, -bytes);
}
