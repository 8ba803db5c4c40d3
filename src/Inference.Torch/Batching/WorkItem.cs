namespace MlCluster.Inference.Batching;

/// <summary>What a worker thread does next.</summary>
internal abstract record WorkItem;

/// <summary>Texts of one call that are too long to tokenise on the caller's thread.</summary>
/// <param name="Request">The call.</param>
/// <param name="Start">First text.</param>
/// <param name="Count">Texts.</param>
/// <param name="ReservedTokens">Tokens that the queue keeps for them until they are counted.</param>
internal sealed record EncodeWork(PredictionRequest Request, int Start, int Count, long ReservedTokens) : WorkItem;

/// <summary>Documents of one forward.</summary>
internal sealed record ForwardWork(IReadOnlyList<QueuedDocument> Documents) : WorkItem
{
    /// <summary>Their tokens, without padding.</summary>
    public long Tokens => Documents.Sum(document => (long)document.Length);
}
