using MlCluster.Messages;

namespace MlCluster.Node.Data.Chunks;

/// <summary>A chunk that is here whole and waits to become durable.</summary>
/// <param name="Number">0-based.</param>
/// <param name="Lease">Holds its bytes, in front.</param>
/// <param name="Downloaded">True when this node fetched it itself.</param>
/// <param name="End">Tells its sender; null: durable.</param>
internal sealed record ArrivedChunk(
    int Number, ChunkBuffers.Lease Lease, int LengthBytes, bool Downloaded, Action<ProtocolError?> End)
{
    /// <summary>Lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The row's payload. A full chunk is its buffer; a shorter one is copied and the buffer freed.</summary>
    public byte[] Payload()
    {
        if (LengthBytes == Lease.Array.Length)
        {
            return Lease.Array;
        }

        var exact = Lease.Array.AsSpan(0, LengthBytes).ToArray();
        Lease.Return();
        return exact;
    }
}
