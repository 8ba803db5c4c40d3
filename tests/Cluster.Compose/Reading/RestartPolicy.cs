using System.Globalization;

namespace MlCluster.Compose.Reading;

/// <summary>Whether a process that has ended by itself is started again.</summary>
/// <param name="OnSuccess">Also after exit code 0.</param>
/// <param name="OnFailure">After any other end.</param>
/// <param name="MaxRetries">At most so many times in a row; null: without end.</param>
internal sealed record RestartPolicy(bool OnSuccess, bool OnFailure, int? MaxRetries = null)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    /// <summary>A process that has run so long begins with the first delay again.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    /// <summary>It stays down.</summary>
    public static RestartPolicy Never { get; } = new(OnSuccess: false, OnFailure: false);

    /// <summary>Reads <c>no</c>, <c>always</c>, <c>unless-stopped</c>, <c>on-failure[:times]</c>.</summary>
    /// <exception cref="FormatException">It is none of them.</exception>
    public static RestartPolicy Parse(string text) => text.Split(':') switch
    {
        ["no"] => Never,
        ["always" or "unless-stopped"] => new(OnSuccess: true, OnFailure: true),
        ["on-failure"] => new(OnSuccess: false, OnFailure: true),
        ["on-failure", var times] =>
            new(false, true, int.Parse(times, NumberStyles.None, CultureInfo.InvariantCulture)),
        _ => throw new FormatException($"[{text}] is no restart policy"),
    };

    /// <summary>Decides after an end that nobody asked for.</summary>
    /// <param name="exitCode">Of the process.</param>
    /// <param name="restarts">In a row so far.</param>
    public bool StartsAgain(int exitCode, int restarts) =>
        (exitCode == 0 ? OnSuccess : OnFailure) && (MaxRetries is null || restarts < MaxRetries);

    /// <summary>Wait before the next start: doubled each time.</summary>
    public static TimeSpan Delay(int restarts) =>
        restarts > 10 ? LongestDelay : TimeSpan.FromTicks(Math.Min(LongestDelay.Ticks, FirstDelay.Ticks << restarts));
}
