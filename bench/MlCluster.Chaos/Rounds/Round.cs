namespace MlCluster.Chaos.Rounds;

/// <summary>What happens to a process.</summary>
internal enum Blow
{
    /// <summary>SIGKILL.</summary>
    Kill,

    /// <summary>SIGTERM.</summary>
    Terminate,

    /// <summary>SIGSTOP, later SIGCONT.</summary>
    Stop,
}

/// <summary>One blow.</summary>
/// <param name="Order">Replicas in the order in which they are candidates.</param>
/// <param name="Pause">Before it.</param>
/// <param name="Standstill">Of a <see cref="Blow.Stop"/>.</param>
internal sealed record Round(Blow Blow, IReadOnlyList<string> Order, TimeSpan Pause, TimeSpan Standstill);
