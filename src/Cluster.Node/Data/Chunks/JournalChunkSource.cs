using System.Security.Cryptography;
using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using MlCluster.Messages;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Data.Chunks;

/// <summary>Reads chunks straight from the chunk journal, one row a query.</summary>
/// <param name="system">Asked for at the first read: the source is made before the actor system.</param>
/// <param name="readTimeout">Longest wait for one answer; then the chunk is asked for again.</param>
/// <param name="time">The clock.</param>
internal sealed class JournalChunkSource(Func<ActorSystem> system, TimeSpan readTimeout, TimeProvider time)
    : IChunkSource
{
    /// <summary>Config path of the read journal.</summary>
    public const string ReadJournal = "akka.persistence.query.journal.chunks";

    // A database that is away for a minute or two is waited for.
    private const int Patience = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    private readonly Lock _opening = new();
    private Task<Reader>? _reader;

    /// <inheritdoc />
    public async Task<byte[]> ReadAsync(ModelId model, ChunkRef chunk, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                var reader = await OpenAsync().WaitAsync(readTimeout, cancellationToken);
                var bytes = await reader.ReadAsync(ChunkIds.Of(model), chunk.SequenceNr)
                    .WaitAsync(readTimeout, cancellationToken);
                ChunkMemory.Read(chunk.LengthBytes);
                return Verify(model, chunk, bytes);
            }
            catch (Exception e) when (e is not (OperationCanceledException or ChunkUnavailableException))
            {
                if (time.GetElapsedTime(started) >= readTimeout * Patience)
                {
                    throw new ChunkUnavailableException(
                        $"chunk {chunk.Number} of model {model} could not be read: {e.Message}", e);
                }
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private static byte[] Verify(ModelId model, ChunkRef chunk, byte[]? bytes)
    {
        if (bytes is null || bytes.Length != chunk.LengthBytes)
        {
            throw new ChunkUnavailableException($"Fail to find model chunk {model}_{chunk.Number}");
        }

        var actual = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return actual == chunk.Sha256
            ? bytes
            : throw new ChunkUnavailableException(
                $"model content changed: chunk {chunk.Number} of model {model} has sha-256 {actual}, "
                + $"not {chunk.Sha256}");
    }

    // Its constructor blocks while the write plugin starts, so it is made once, away from every actor; a failure is
    // forgotten, so that the next read tries again.
    private Task<Reader> OpenAsync()
    {
        lock (_opening)
        {
            if (_reader is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _reader = Task.Run(() => Reader.Open(system()));
            }

            return _reader;
        }
    }

    private sealed class Reader(ICurrentEventsByPersistenceIdQuery journal, IMaterializer materializer)
    {
        public static Reader Open(ActorSystem system) => new(
            PersistenceQuery.Get(system).ReadJournalFor<ICurrentEventsByPersistenceIdQuery>(ReadJournal),
            system.Materializer());

        public async Task<byte[]?> ReadAsync(string persistenceId, long sequenceNr)
        {
            var rows = await journal
                .CurrentEventsByPersistenceId(persistenceId, sequenceNr, sequenceNr)
                .RunWith(Sink.Seq<EventEnvelope>(), materializer);
            return rows.Count == 1 ? rows[0].Event as byte[] : null;
        }
    }
}
