using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Models;
using MlCluster.Node.Domain.Models;

namespace MlCluster.Node.Data.Chunks;

/// <summary>Download → writer: keep these bytes. The lease is the writer's from here on.</summary>
/// <param name="Done">Ends when the chunk is durable, or with what prevented it.</param>
internal sealed record WriteChunk(
    int Number, ChunkBuffers.Lease Lease, int LengthBytes, string Sha256, TaskCompletionSource Done)
    : INoSerializationVerificationNeeded;

/// <summary>Writer → model: a chunk has arrived whole; may it be written?</summary>
/// <param name="Downloaded">True when this node fetched it itself.</param>
internal sealed record OfferChunk(long Offer, int Number, int LengthBytes, string Sha256, bool Downloaded)
    : INoSerializationVerificationNeeded;

/// <summary>Model → writer: the answer to <see cref="OfferChunk"/>.</summary>
internal sealed record ChunkOffered(long Offer, ChunkOffer Verdict) : INoSerializationVerificationNeeded;

/// <summary>Writer → model: the bytes are durable.</summary>
internal sealed record ChunkWritten(long Offer, ChunkRef Chunk) : INoSerializationVerificationNeeded;

/// <summary>Model → writer: the chunk is part of the model; its sender may be told.</summary>
/// <param name="Error">Null unless it could not be made part of it.</param>
internal sealed record ChunkRecorded(long Offer, ProtocolError? Error) : INoSerializationVerificationNeeded;

/// <summary>Model → writer: remove every chunk.</summary>
internal sealed record PurgeChunks : INoSerializationVerificationNeeded
{
    public static PurgeChunks Instance { get; } = new();
}

/// <summary>Writer → model: they are gone, or not yet.</summary>
internal sealed record ChunksPurged(Exception? Error) : INoSerializationVerificationNeeded;
