using System.Runtime.InteropServices;

namespace MlCluster.Compose.Processes;

/// <summary>Names and sending of signals.</summary>
internal static partial class UnixSignals
{
    /// <summary>Reads <c>SIGTERM</c> and the like.</summary>
    /// <exception cref="ComposeException">It is none of those that stop a program.</exception>
    public static UnixSignal Parse(string name) => name switch
    {
        "SIGTERM" => UnixSignal.Terminate,
        "SIGINT" => UnixSignal.Interrupt,
        "SIGQUIT" => UnixSignal.Quit,
        "SIGKILL" => UnixSignal.Kill,
        _ => throw new ComposeException($"stop signal [{name}] is not carried out"),
    };

    /// <summary>Sends it to a process, or to a whole process group by its negated number.</summary>
    /// <returns>False: there is none.</returns>
    public static bool Send(int processId, UnixSignal signal) => Kill(processId, (int)signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
