using MlCluster.Node.Domain.Search.Feeding;

namespace MlCluster.Node.Data.Search;

/// <summary>
/// Keeps the documents' table up with the journal. The journal says whose document changed; the document is folded
/// from its entity's journal. So an event may be read twice, or late, or after the one that follows it.
/// </summary>
internal sealed class DocumentProjection(
    DocumentTable table, DocumentFold fold, SearchOptions options, TimeProvider time)
{
    /// <summary>Of the documents; raise it when they have to be made again.</summary>
    public const int Format = 1;

    private const int EntitiesAtOnce = 100;
    private readonly long _epoch = time.GetTimestamp();
    private ProjectionState? _state;
    private JournalTail? _tail;

    /// <summary>Takes over all that the journal has now.</summary>
    /// <returns>True when it was the first time that all of it is taken over.</returns>
    public async Task<bool> StepAsync()
    {
        try
        {
            _state ??= await table.OpenAsync(Format);
            _tail ??= new JournalTail(_state.ReadTo, options.LateWrites);
            await ReadAsync(_state, _tail);
            var isFirst = !_state.IsComplete;
            if (isFirst)
            {
                await table.CompleteAsync(_state.Generation);
                _state = _state with { IsComplete = true };
            }

            return isFirst;
        }
        catch (GenerationEndedException)
        {
            (_state, _tail) = (null, null);
            throw;
        }
    }

    private async Task ReadAsync(ProjectionState state, JournalTail tail)
    {
        var began = time.GetElapsedTime(_epoch);
        var cursor = tail.Settled;
        while (true)
        {
            var entries = await table.JournalAfterAsync(cursor, options.Batch);
            var news = entries.Where(e => tail.IsNew(e.Ordering)).ToList();
            await ProjectAsync(state.Generation, news);
            tail.Handled(news.Select(e => e.Ordering));
            if (entries.Count < options.Batch)
            {
                break;
            }

            cursor = entries[^1].Ordering;
        }

        if (tail.EndRead(began, time.GetElapsedTime(_epoch)))
        {
            await table.SettleAsync(state.Generation, tail.Settled);
        }
    }

    private async Task ProjectAsync(long generation, IEnumerable<JournalEntry> news)
    {
        var entities = news.Select(e => e.PersistenceId)
            .Where(id => DocumentKey.Of(id) is not null)
            .Distinct(StringComparer.Ordinal);
        foreach (var some in entities.Chunk(EntitiesAtOnce))
        {
            var changes = fold.Fold(await table.EventsAsync(some));
            if (changes.Count > 0)
            {
                await table.WriteAsync(generation, changes, time.GetUtcNow());
            }
        }
    }
}
