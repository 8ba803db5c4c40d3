namespace MlCluster.Node.Ml.Rehearsal;

/// <summary>A rehearsal came to no verdict: the node, and not the model, may be what ended it.</summary>
/// <param name="timedOut">True: it took too long, which a model that never returns does each time.</param>
internal sealed class RehearsalInterruptedException(string message, bool timedOut) : Exception(message)
{
    public bool TimedOut { get; } = timedOut;
}
