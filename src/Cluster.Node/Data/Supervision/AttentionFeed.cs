using Akka.Actor;
using Akka.Persistence.Journal;
using Akka.Persistence.Query;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace MlCluster.Node.Data.Supervision;

/// <summary>Reads tagged events, a batch at a time, in the order in which the journal took them.</summary>
internal sealed class AttentionFeed(ICurrentEventsByTagQuery journal, IMaterializer materializer, int batch)
{
    /// <summary>Config path of the read journal.</summary>
    public const string ReadJournal = "akka.persistence.query.journal.sql";

    /// <summary>Its constructor blocks while the write plugin starts: it is made away from every actor.</summary>
    public static Task<AttentionFeed> OpenAsync(ActorSystem system, string readJournal, int batch) => Task.Run(() =>
        new AttentionFeed(
            PersistenceQuery.Get(system).ReadJournalFor<ICurrentEventsByTagQuery>(readJournal),
            system.Materializer(),
            batch));

    /// <summary>Events after an offset.</summary>
    public async Task<AttentionBatch> ReadAsync(Offset after)
    {
        var rows = await journal
            .CurrentEventsByTag(AttentionTagger.Tag, after)
            .Take(batch)
            .RunWith(Sink.Seq<EventEnvelope>(), materializer);
        return new AttentionBatch(
            [.. rows.Select(r => r.Event is Tagged tagged ? tagged.Payload : r.Event)],
            rows.Count > 0 ? rows[^1].Offset : after,
            rows.Count < batch);
    }
}

/// <summary>Some events.</summary>
/// <param name="Next">Where to go on.</param>
/// <param name="IsEnd">True when there were no more.</param>
internal sealed record AttentionBatch(IReadOnlyList<object> Events, Offset Next, bool IsEnd)
    : INoSerializationVerificationNeeded;
