using MlCluster.Messages;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Data.Chunks;

/// <summary>Puts the segments of one request together.</summary>
internal sealed class ChunkAssembly(int number, ChunkBuffers.Lease lease)
{
    public int Number => number;

    public ChunkBuffers.Lease Lease => lease;

    public int ReceivedBytes { get; private set; }

    /// <summary>True once the last segment has come.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Epoch milliseconds of the last segment.</summary>
    public long LastTime { get; private set; }

    /// <summary>Takes a segment, or knows it again: a repeat may come late.</summary>
    /// <returns>Null: taken.</returns>
    public ProtocolError? Take(ChunkSegment segment, long now)
    {
        LastTime = now;
        var isRepeat = segment.Data.Length > 0 && segment.OffsetBytes + segment.Data.Length <= ReceivedBytes;
        if (isRepeat && segment.ChunkNumber == number)
        {
            return null;
        }

        if (segment.OffsetBytes != ReceivedBytes || segment.ChunkNumber != number || IsWhole)
        {
            return ChunkErrors.Interrupted;
        }

        if (segment.Data.Length > lease.Array.Length - ReceivedBytes)
        {
            return ChunkErrors.TooBig;
        }

        segment.Data.Span.CopyTo(lease.Array.AsSpan(ReceivedBytes));
        ReceivedBytes += segment.Data.Length;
        IsWhole = segment.Last;
        return IsWhole && ReceivedBytes == 0 ? ChunkErrors.Empty : null;
    }
}

/// <summary>Refusals of chunks (contract 3.3).</summary>
internal static class ChunkErrors
{
    public static ProtocolError TooBig { get; } = new(
        ErrorCode.TooLarge, "Chunk size exceeds 10MB: a chunk has at most 10,000,000 bytes, send it in smaller ones");

    public static ProtocolError Empty { get; } = new(ErrorCode.IllegalArgument, "Chunk size either 0 or null");

    public static ProtocolError Interrupted { get; } = new(
        ErrorCode.Unavailable, "the upload of the chunk was interrupted: send the chunk again");

    public static ProtocolError NoRoom { get; } = new(
        ErrorCode.Rejected, "too many chunks are being uploaded at once: send this one again when others are through");

    public static ProtocolError Superseded { get; } = new(
        ErrorCode.BadState,
        "the chunk came too late: the model was registered with other bytes, or deleted, while it was written");

    public static ProtocolError NotWritten(Exception cause) =>
        new(ErrorCode.Unavailable, $"Failed to save model chunk: {cause.Message}");
}
