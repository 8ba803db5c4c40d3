namespace MlCluster.Compose;

/// <summary>Signals by their numbers on Linux.</summary>
public enum UnixSignal
{
    /// <summary>SIGINT.</summary>
    Interrupt = 2,

    /// <summary>SIGQUIT.</summary>
    Quit = 3,

    /// <summary>SIGKILL: nothing is flushed, nothing says goodbye.</summary>
    Kill = 9,

    /// <summary>SIGTERM: asks for an orderly end.</summary>
    Terminate = 15,

    /// <summary>SIGCONT: goes on after <see cref="Stop"/>.</summary>
    Continue = 18,

    /// <summary>SIGSTOP: stands still.</summary>
    Stop = 19,
}
