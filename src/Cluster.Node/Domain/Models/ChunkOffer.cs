using MlCluster.Messages;

namespace MlCluster.Node.Domain.Models;

/// <summary>What becomes of a chunk that has arrived.</summary>
/// <param name="Store">True: write the bytes.</param>
/// <param name="Error">
/// Why it is refused; null with <paramref name="Store"/> false: the same bytes are there already.
/// </param>
internal sealed record ChunkOffer(bool Store, ProtocolError? Error)
{
    public static ChunkOffer Write { get; } = new(true, null);

    public static ChunkOffer AlreadyThere { get; } = new(false, null);

    public static ChunkOffer Refuse(ErrorCode code, string reason) => new(false, new ProtocolError(code, reason));
}

/// <summary>What a complete archive is.</summary>
/// <param name="Generation">The set of chunks that was looked at.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Problem">Null: good.</param>
internal sealed record ContentVerdict(int Generation, long SizeBytes, string Sha256, string? Problem);
