namespace MlCluster.Node.Data.Search;

/// <summary>Where the documents are.</summary>
/// <param name="Generation">Grows when they are made again from nothing.</param>
/// <param name="IsComplete">All of the journal has been read once.</param>
/// <param name="ReadTo">Events up to this one are in the documents.</param>
/// <param name="SeqNr">The latest change.</param>
internal sealed record ProjectionState(long Generation, bool IsComplete, long ReadTo, long SeqNr);

/// <summary>An event as the journal has it.</summary>
/// <param name="Ordering">Its number over all entities.</param>
internal readonly record struct JournalEntry(long Ordering, string PersistenceId);

/// <summary>An event of one entity.</summary>
internal sealed record StoredEvent(
    string PersistenceId, long SequenceNr, string Manifest, int Serializer, byte[] Bytes);

/// <summary>A document to be written.</summary>
/// <param name="SequenceNr">The entity's event that it was folded up to.</param>
/// <param name="Document">Null: there is none any more.</param>
internal sealed record DocumentChange(DocumentKey Key, long SequenceNr, byte[]? Document);

/// <summary>A document as its table has it.</summary>
/// <param name="Document">Null: there is none any more.</param>
internal sealed record StoredDocument(DocumentKey Key, long SeqNr, byte[]? Document);

/// <summary>Somebody else has begun to make the documents again.</summary>
internal sealed class GenerationEndedException(long generation)
    : Exception($"generation {generation} of the documents has ended");
