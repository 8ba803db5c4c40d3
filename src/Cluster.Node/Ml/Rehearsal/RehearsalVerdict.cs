using System.Globalization;
using MlCluster.Inference;

namespace MlCluster.Node.Ml.Rehearsal;

/// <summary>Says what the end of a rehearsal means; pure.</summary>
internal static class RehearsalVerdict
{
    private const string Failed = "the model failed its rehearsal";
    private const string Settings = "mlcluster.ml.rehearsal";
    private const int FirstSignalCode = 128;
    private const int Kill = 9;
    private const int Alarm = 14;
    private const int Terminate = 15;
    private const int MaxWordsLength = 500;

    private static readonly Dictionary<int, string> Signals = new()
    {
        [4] = "SIGILL",
        [6] = "SIGABRT",
        [7] = "SIGBUS",
        [8] = "SIGFPE",
        [Kill] = "SIGKILL",
        [11] = "SIGSEGV",
        [Alarm] = "SIGALRM",
        [Terminate] = "SIGTERM",
        [25] = "SIGXFSZ",
        [31] = "SIGSYS",
    };

    /// <param name="result">What the process wrote; null: nothing.</param>
    /// <exception cref="LoadRefusedException">The model failed.</exception>
    /// <exception cref="RehearsalInterruptedException">It may have been the node's fault.</exception>
    public static RehearsalReport Judge(RehearsalEnd end, RehearsalResult? result)
    {
        if (end is RehearsalEnd.Exited { Code: 0 } && result?.Report is { } text)
        {
            return RehearsalReportJson.Read(text)
                ?? throw new LoadRefusedException("the rehearsal's report cannot be read");
        }

        if (end is RehearsalEnd.Exited && result?.Error is { } error)
        {
            throw new LoadRefusedException($"{Failed}: {error}");
        }

        throw Cause(end) switch
        {
            EndCause.Time => new RehearsalInterruptedException($"{Failed}: {Describe(end)}", timedOut: true),
            EndCause.Outside => new RehearsalInterruptedException(
                $"the model's rehearsal was interrupted: {Describe(end)}; the node may be short of memory",
                timedOut: false),
            _ => new LoadRefusedException($"{Failed}: {Describe(end)}"),
        };
    }

    // The node itself kills at its limits alone, and these ends are told apart: whatever else sends these two is
    // outside, above all the kernel when memory runs out. The alarm is the child's own for a node that stands still.
    private static EndCause Cause(RehearsalEnd end) => end switch
    {
        RehearsalEnd.TimedOut or RehearsalEnd.Exited(FirstSignalCode + Alarm, _) => EndCause.Time,
        RehearsalEnd.Exited(FirstSignalCode + Kill or FirstSignalCode + Terminate, _) => EndCause.Outside,
        _ => EndCause.Model,
    };

    private static string Describe(RehearsalEnd end) => end switch
    {
        RehearsalEnd.TimedOut(var limit) =>
            Text($"it ran longer than {limit.TotalSeconds} s ({Settings}.timeout)"),
        RehearsalEnd.TookTooMuchMemory(var limit) =>
            Text($"it took more than {limit} bytes of memory ({Settings}.memory-base and memory-per-file-byte)"),
        RehearsalEnd.Exited(> FirstSignalCode and var code, var words) =>
            Text($"it was killed by signal {SignalName(code - FirstSignalCode)}{Reason(words)}"),
        RehearsalEnd.Exited(var code, var words) => Text($"its process ended with code {code}{Reason(words)}"),
        _ => throw new ArgumentOutOfRangeException(nameof(end)),
    };

    private static string SignalName(int signal) =>
        Signals.TryGetValue(signal, out var name) ? Text($"{signal} ({name})") : Text($"{signal}");

    // C++ says why it terminates after "what():"; otherwise the last line is the best there is.
    private static string Reason(string words)
    {
        var what = words.LastIndexOf("what():", StringComparison.Ordinal);
        var lines = words[(what < 0 ? 0 : what + "what():".Length)..]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = what < 0 ? lines.LastOrDefault() : lines.FirstOrDefault();
        return line is null ? "" : ": " + line[..Math.Min(line.Length, MaxWordsLength)];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private enum EndCause
    {
        Model,

        /// <summary>The model never returns, or the node was busy: one attempt does not tell.</summary>
        Time,

        Outside,
    }
}
