namespace MlCluster.Compose.Reading;

/// <summary>How to see whether a container does its work.</summary>
/// <param name="Command">Program and arguments; exit code 0 is healthy.</param>
internal sealed record HealthCheck(IReadOnlyList<string> Command)
{
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>So many failures in a row are unhealthy.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>Failures do not count so long after the start, unless it has been healthy before.</summary>
    public TimeSpan StartPeriod { get; init; }
}
