using System.Globalization;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Telemetry;

namespace MlCluster.Node.Gateway.Frame;

/// <summary>Bounds the bytes of request bodies that a gateway holds at once; any thread.</summary>
/// <param name="limitBytes">Of all bodies together.</param>
/// <param name="metrics">Told what is held and what was refused.</param>
internal sealed class BodyMemory(long limitBytes, BodyMetrics metrics)
{
    /// <summary>Small bodies are free: those who manage a cluster must get through while it is busy, and a connection's
    /// own buffers take more.</summary>
    public const int FreeBytes = 16 * 1024;

    /// <summary>A share of nothing yet; to be disposed when the body is needed no more.</summary>
    public BodyLease Lease() => new(this);

    /// <exception cref="ApiException">429: there is no room.</exception>
    internal void Take(long bytes)
    {
        if (!metrics.TryHold(bytes, limitBytes, out var wanted))
        {
            var full = Full(wanted) with { RetryAfter = ErrorMapping.RejectedRetryAfter, ClosesConnection = true };
            throw full.ToException();
        }
    }

    internal void Give(long bytes) => metrics.Release(bytes);

    // The words of OpenSearch's breaker for requests in flight.
    private ApiError Full(long wanted) => ErrorMapping.CircuitBreaking(
        $"[in_flight_requests] Data too large, data for [<http_request>] would be [{Size(wanted)}], which is larger "
        + $"than the limit of [{Size(limitBytes)}]; send the request again later, send less at once, or raise "
        + "mlcluster.gateway.max-bodies-size",
        wanted,
        limitBytes);

    private static string Size(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes}/{Math.Round(bytes / 1048576.0, 1)}mb");
}

/// <summary>What one request holds.</summary>
internal sealed class BodyLease(BodyMemory memory) : IDisposable
{
    private long _bytes;

    /// <summary>Makes sure that so many bytes in all are accounted for.</summary>
    /// <exception cref="ApiException">429: there is no room for them.</exception>
    public void Cover(long bytes)
    {
        if (bytes > BodyMemory.FreeBytes && bytes > _bytes)
        {
            memory.Take(bytes - _bytes);
            _bytes = bytes;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        memory.Give(_bytes);
        _bytes = 0;
    }
}
