using System.Security.Cryptography;
using Akka.Actor;
using MlCluster.Messages;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Data.Chunks;

/// <summary>
/// Chunks that clients send to one model: segments in, acknowledgements out, and each chunk's answer, told again when
/// its last segment is repeated.
/// </summary>
internal sealed class ChunkUploads(ModelId model, ChunkWriterSetup setup)
{
    private const int RememberedUploads = 16;

    private readonly Dictionary<CommandId, ChunkAssembly> _assemblies = [];
    private readonly Dictionary<CommandId, IActorRef> _uploaders = [];
    private readonly Queue<CommandId> _accepted = [];

    /// <summary>Takes a segment and answers it, but for the one that completes a chunk.</summary>
    /// <returns>The chunk that is whole now; null: none.</returns>
    public ArrivedChunk? Take(ChunkSegment segment, IActorRef sender)
    {
        var upload = segment.UploadId;
        if (_accepted.Contains(upload))
        {
            sender.Tell(new ChunkAccepted(model, upload, segment.ChunkNumber));
            return null;
        }

        var error = Find(segment, out var assembly) ?? assembly!.Take(segment, Now());
        if (error is not null)
        {
            Drop(upload);
            sender.Tell(new ModelRejected(model, error));
            return null;
        }

        if (!segment.Last)
        {
            sender.Tell(new ChunkSegmentAcknowledged(model, upload, assembly!.ReceivedBytes));
            return null;
        }

        var isRepeat = _uploaders.ContainsKey(upload);
        _uploaders[upload] = sender;
        return isRepeat ? null : Assembled(upload, assembly!);
    }

    /// <summary>Forgets chunks that stopped half-way.</summary>
    public void Sweep()
    {
        var oldest = Now() - (long)setup.SegmentTimeout.TotalMilliseconds;
        foreach (var (upload, _) in _assemblies.Where(a => !a.Value.IsWhole && a.Value.LastTime < oldest).ToList())
        {
            Drop(upload);
        }
    }

    /// <summary>Gives back the buffers of chunks that are not whole; the others are the writer's.</summary>
    public void Stop()
    {
        foreach (var assembly in _assemblies.Values.Where(a => !a.IsWhole))
        {
            assembly.Lease.Return();
        }
    }

    private ProtocolError? Find(ChunkSegment segment, out ChunkAssembly? assembly)
    {
        if (_assemblies.TryGetValue(segment.UploadId, out assembly))
        {
            return null;
        }

        if (segment.OffsetBytes > 0)
        {
            return ChunkErrors.Interrupted;
        }

        if (LeaseFor(segment.ChunkNumber) is not { } lease)
        {
            return ChunkErrors.NoRoom;
        }

        assembly = new ChunkAssembly(segment.ChunkNumber, lease);
        _assemblies.Add(segment.UploadId, assembly);
        return null;
    }

    private ChunkBuffers.Lease? LeaseFor(int number) =>
        (_assemblies.Count < setup.ChunksAtOnce ? setup.Buffers.TryRent() : null) ?? OfEarlierAttempt(number);

    // A client that gave up and sends the chunk again says nothing of its first attempt.
    private ChunkBuffers.Lease? OfEarlierAttempt(int number)
    {
        foreach (var (upload, earlier) in _assemblies)
        {
            if (earlier.Number == number && !earlier.IsWhole)
            {
                _assemblies.Remove(upload);
                return earlier.Lease;
            }
        }

        return null;
    }

    private ArrivedChunk Assembled(CommandId upload, ChunkAssembly assembly) =>
        new(assembly.Number, assembly.Lease, assembly.ReceivedBytes, false, e => Finish(upload, assembly.Number, e))
        {
            Sha256 = Convert.ToHexStringLower(
                SHA256.HashData(assembly.Lease.Array.AsSpan(0, assembly.ReceivedBytes))),
        };

    private void Finish(CommandId upload, int number, ProtocolError? error)
    {
        _assemblies.Remove(upload);
        if (!_uploaders.Remove(upload, out var uploader))
        {
            return;
        }

        if (error is not null)
        {
            uploader.Tell(new ModelRejected(model, error));
            return;
        }

        _accepted.Enqueue(upload);
        if (_accepted.Count > RememberedUploads)
        {
            _accepted.Dequeue();
        }

        uploader.Tell(new ChunkAccepted(model, upload, number));
    }

    private void Drop(CommandId upload)
    {
        if (_assemblies.TryGetValue(upload, out var assembly) && !_uploaders.ContainsKey(upload))
        {
            _assemblies.Remove(upload);
            assembly.Lease.Return();
        }
    }

    private long Now() => setup.Time.GetUtcNow().ToUnixTimeMilliseconds();
}
