namespace MlCluster.Messages.Models;

/// <summary>One stored chunk: where its bytes are in the chunk journal of its model and what they must be.</summary>
/// <param name="Number">0-based place in the archive.</param>
/// <param name="SequenceNr">Row of <c>chunks-{id}</c>.</param>
/// <param name="LengthBytes">At most 10,000,000.</param>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record ChunkRef(int Number, long SequenceNr, int LengthBytes, string Sha256);
