using MlCluster.Messages.Models;
using static MlCluster.Messages.Serialization.WireValue;

namespace MlCluster.Messages.Serialization;

/// <summary>Chunk bytes on their way to the writer; they are wrapped, not copied.</summary>
internal static class ChunkCodec
{
    public static IEnumerable<Codec> All =>
    [
        Codec.Of(Manifests.ChunkSegment, Wire.ChunkSegment.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ChunkSegmentAcknowledged, Wire.ChunkSegmentAcknowledged.Parser, ToWire, ToRecord),
        Codec.Of(Manifests.ChunkAccepted, Wire.ChunkAccepted.Parser, ToWire, ToRecord),
    ];

    private static Wire.ChunkSegment ToWire(ChunkSegment segment) => new()
    {
        ModelId = segment.ModelId.Value,
        UploadId = segment.UploadId.Value,
        ChunkNumber = segment.ChunkNumber,
        OffsetBytes = segment.OffsetBytes,
        Last = segment.Last,
        Data = Bytes(segment.Data),
    };

    private static ChunkSegment ToRecord(Wire.ChunkSegment wire) => new(
        new ModelId(wire.ModelId),
        new CommandId(wire.UploadId),
        wire.ChunkNumber,
        wire.OffsetBytes,
        wire.Last,
        wire.Data.Memory);

    private static Wire.ChunkSegmentAcknowledged ToWire(ChunkSegmentAcknowledged reply) => new()
    {
        ModelId = reply.ModelId.Value,
        UploadId = reply.UploadId.Value,
        NextOffsetBytes = reply.NextOffsetBytes,
    };

    private static ChunkSegmentAcknowledged ToRecord(Wire.ChunkSegmentAcknowledged wire) =>
        new(new ModelId(wire.ModelId), new CommandId(wire.UploadId), wire.NextOffsetBytes);

    private static Wire.ChunkAccepted ToWire(ChunkAccepted reply) => new()
    {
        ModelId = reply.ModelId.Value,
        UploadId = reply.UploadId.Value,
        ChunkNumber = reply.ChunkNumber,
    };

    private static ChunkAccepted ToRecord(Wire.ChunkAccepted wire) =>
        new(new ModelId(wire.ModelId), new CommandId(wire.UploadId), wire.ChunkNumber);
}
