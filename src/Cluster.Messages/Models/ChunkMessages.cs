namespace MlCluster.Messages.Models;

/// <summary>A piece of a chunk on its way to the writer; answered before the next one is sent.</summary>
/// <param name="UploadId">One HTTP request's attempt at one chunk.</param>
/// <param name="OffsetBytes">Where in the chunk the piece begins; a repeat of the last one is answered again.</param>
/// <param name="Last">True for the piece that completes the chunk.</param>
/// <param name="Data">At most 1 MiB.</param>
public sealed record ChunkSegment(
    ModelId ModelId, CommandId UploadId, int ChunkNumber, int OffsetBytes, bool Last, ReadOnlyMemory<byte> Data)
    : IWithModelId;

/// <summary>The piece was taken; send the next.</summary>
public sealed record ChunkSegmentAcknowledged(ModelId ModelId, CommandId UploadId, int NextOffsetBytes) : IModelReply;

/// <summary>The whole chunk is durable: this is what the client's <c>Uploaded</c> rests on.</summary>
public sealed record ChunkAccepted(ModelId ModelId, CommandId UploadId, int ChunkNumber) : IModelReply;
