using MlCluster.Inference;

namespace MlCluster.Node.Ml.Rehearsal;

/// <summary>Tries a model for the first time, where it can do no harm to the node.</summary>
internal interface IRehearser
{
    /// <exception cref="LoadRefusedException">The model failed; the message says how.</exception>
    /// <exception cref="RehearsalInterruptedException">A further attempt may end otherwise.</exception>
    Task<RehearsalReport> RehearseAsync(ModelPackage package, CancellationToken cancellationToken);
}
