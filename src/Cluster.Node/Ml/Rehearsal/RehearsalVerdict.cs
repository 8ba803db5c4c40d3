using System.Globalization;
using MlCluster.Inference;

namespace MlCluster.Node.Ml.Rehearsal;

/// <summary>Says what the end of a rehearsal means; pure.</summary>
internal static class RehearsalVerdict
{
    private const int FirstSignalCode = 128;
    private const int MaxWordsLength = 500;

    private static readonly Dictionary<int, string> Signals = new()
    {
        [4] = "SIGILL",
        [6] = "SIGABRT",
        [7] = "SIGBUS",
        [8] = "SIGFPE",
        [9] = "SIGKILL",
        [11] = "SIGSEGV",
        [14] = "SIGALRM",
        [25] = "SIGXFSZ",
        [31] = "SIGSYS",
    };

    /// <param name="result">What the process wrote; null: nothing.</param>
    /// <exception cref="LoadRefusedException">The model failed.</exception>
    public static RehearsalReport Judge(RehearsalEnd end, RehearsalResult? result)
    {
        if (end is RehearsalEnd.Exited { Code: 0 } && result?.Report is { } text)
        {
            return RehearsalReportJson.Read(text)
                ?? throw new LoadRefusedException("the rehearsal's report cannot be read");
        }

        throw new LoadRefusedException(
            $"the model failed its rehearsal: {(end is RehearsalEnd.Exited ? result?.Error : null) ?? Describe(end)}");
    }

    private static string Describe(RehearsalEnd end) => end switch
    {
        RehearsalEnd.TimedOut(var limit) => Text($"it ran longer than {limit.TotalSeconds} s"),
        RehearsalEnd.TookTooMuchMemory(var limit) => Text($"it took more than {limit} bytes of memory"),
        RehearsalEnd.Exited(> FirstSignalCode and var code, var words) =>
            Text($"it was killed by signal {SignalName(code - FirstSignalCode)}{Cause(words)}"),
        RehearsalEnd.Exited(var code, var words) => Text($"its process ended with code {code}{Cause(words)}"),
        _ => throw new ArgumentOutOfRangeException(nameof(end)),
    };

    private static string SignalName(int signal) =>
        Signals.TryGetValue(signal, out var name) ? Text($"{signal} ({name})") : Text($"{signal}");

    // C++ says why it terminates after "what():"; otherwise the last line is the best there is.
    private static string Cause(string words)
    {
        var what = words.LastIndexOf("what():", StringComparison.Ordinal);
        var lines = words[(what < 0 ? 0 : what + "what():".Length)..]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = what < 0 ? lines.LastOrDefault() : lines.FirstOrDefault();
        return line is null ? "" : ": " + line[..Math.Min(line.Length, MaxWordsLength)];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
