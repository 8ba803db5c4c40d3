using System.Globalization;
using System.Text.RegularExpressions;
using MlCluster.Node.Gateway.Errors;
using MlCluster.Node.Gateway.Frame;

namespace MlCluster.Node.Gateway.Nodes;

/// <summary>What a caller of <c>_cluster/health</c> waits for.</summary>
/// <param name="Worst">The worst colour that will do; null: any.</param>
/// <param name="EnoughNodes">Tells whether a number of nodes will do.</param>
/// <param name="Timeout">How long it waits.</param>
internal sealed partial record HealthWish(HealthStatus? Worst, Func<int, bool> EnoughNodes, TimeSpan Timeout)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    /// <summary>Reads the parameters.</summary>
    /// <exception cref="ApiException">400: one of them cannot be read.</exception>
    public static HealthWish Read(QueryParameters query) => new(
        Status(query.Get("wait_for_status")), Nodes(query.Get("wait_for_nodes")), Time(query.Get("timeout")));

    /// <summary>Tells whether a health will do.</summary>
    public bool IsMetBy(ClusterHealth health) => (Worst is null || health.Status <= Worst) && EnoughNodes(health.Nodes);

    private static HealthStatus? Status(string? text) => text?.ToUpperInvariant() switch
    {
        null => null,
        "GREEN" => HealthStatus.Green,
        "YELLOW" => HealthStatus.Yellow,
        "RED" => HealthStatus.Red,
        _ => throw ApiError.IllegalArgument(
            $"unknown wait_for_status [{text}]; use green, yellow or red").ToException(),
    };

    private static Func<int, bool> Nodes(string? text)
    {
        if (text is null)
        {
            return static _ => true;
        }

        var match = NodesPattern().Match(text);
        if (!match.Success || !int.TryParse(match.Groups["n"].Value, CultureInfo.InvariantCulture, out var wanted))
        {
            throw ApiError.IllegalArgument(
                $"wait_for_nodes [{text}] is not a number of nodes: N, >=N, <=N, >N, <N, ge(N), le(N), gt(N) or lt(N)")
                .ToException();
        }

        return match.Groups["op"].Value switch
        {
            ">=" or "ge" => n => n >= wanted,
            "<=" or "le" => n => n <= wanted,
            ">" or "gt" => n => n > wanted,
            "<" or "lt" => n => n < wanted,
            _ => n => n == wanted,
        };
    }

    private static TimeSpan Time(string? text)
    {
        if (text is null)
        {
            return DefaultTimeout;
        }

        var match = TimePattern().Match(text);
        if (!match.Success || !double.TryParse(match.Groups["n"].Value, CultureInfo.InvariantCulture, out var number))
        {
            throw ApiError.IllegalArgument(
                $"failed to parse setting [timeout] with value [{text}] as a time value: use 500ms, 30s, 2m …")
                    .ToException();
        }

        var milliseconds = number * match.Groups["unit"].Value switch
        {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => 86_400_000.0,
        };
        return TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestTimeout.TotalMilliseconds));
    }

    [GeneratedRegex(@"\A(?:(?<op>>=|<=|>|<)?(?<n>[0-9]+)|(?<op>ge|le|gt|lt)\((?<n>[0-9]+)\))\z",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NodesPattern();

    [GeneratedRegex(@"\A(?<n>[0-9]+)(?<unit>ms|s|m|h|d)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TimePattern();
}
