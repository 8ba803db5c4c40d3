using System.Globalization;

namespace MlCluster.Chaos.Verdicts;

/// <summary>What a run came to.</summary>
internal sealed record ChaosResult
{
    public required int Acknowledged { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    public required IReadOnlyList<string> FailedRequests { get; init; }

    /// <summary>Processes that ended without being told to.</summary>
    public required IReadOnlyList<string> DownedByItself { get; init; }

    /// <summary>Longest time without an answer to predictions that go on all the time.</summary>
    public required TimeSpan LongestGap { get; init; }

    /// <summary>Whatever else is worth a line.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>0: all that was acknowledged is there.</summary>
    public int ExitCode => Findings.Count == 0 ? 0 : 1;

    /// <summary>The line.</summary>
    public string Line => string.Create(
        CultureInfo.InvariantCulture,
        $"acknowledged {Acknowledged}, lost {Count(FindingKind.Lost)}, stuck {Count(FindingKind.Stuck)}, "
        + $"wrong {Count(FindingKind.Wrong)}, failed requests {FailedRequests.Count}, "
        + $"downed by itself {DownedByItself.Count}, longest gap {LongestGap.TotalSeconds:0.0} s");

    /// <summary>A line each.</summary>
    public IEnumerable<string> Details =>
    [
        .. Findings.Select(f => $"{f.Kind.ToString().ToLowerInvariant()}: {f.Text}"),
        .. FailedRequests.Select(f => $"failed request: {f}"),
        .. DownedByItself.Select(d => $"downed by itself: {d}"),
        .. Notes,
    ];

    private int Count(FindingKind kind) => Findings.Count(f => f.Kind == kind);
}
